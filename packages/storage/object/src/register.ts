/**
 * Who writes a journal: an object that names one writer. The newest one to open the journal is the writer; one that finds another name there stops.
 *
 * ```
 * a  ---o------o------x                 writes indexes of its own; finds b in the register, and ends
 * b          | name b, then read the last index of a, continue from there
 * ```
 *
 * It is enough that b names itself before it reads: what a makes durable later, b does not see, and a deletes nothing of what b found, since it looks at
 * the register between making a point durable and deleting what only the one before needed. No clock is involved.
 */
import type { ObjectClient } from '@checkpoint-schedules/model'
import { isObject, jsonLine, valueOfLine } from '@checkpoint-schedules/storage-slots'
import { isWriter } from './object-files.js'
import { checkVersion, FORMAT, VERSION } from './format.js'

export interface Registered {
  readonly writer: string
  /** Whose indexes count as long as the writer has none. */
  readonly base: string | null
  /** Whom it has replaced, the latest first. */
  readonly over: readonly string[]
}

/** Most writers that are remembered. */
export const MOST_OVER = 16

export const registerKey = (prefix: string) => `${prefix}/writer`

/** Who is registered; `undefined` if nobody is. @throws `INVALID_FILE`: another version wrote it */
export async function readRegister(client: ObjectClient, prefix: string): Promise<Registered | undefined> {
  const bytes = await client.get(registerKey(prefix))
  if (bytes === undefined || bytes.length > 4096) return undefined
  const value = valueOfLine(new TextDecoder().decode(bytes).replace(/\n$/, ''))
  if (!isObject(value) || value['format'] !== FORMAT) return undefined
  checkVersion(value['version'])
  const { writer, base, over } = value
  return isWriter(writer) && (base === null || isWriter(base)) && areWriters(over)
    ? { writer, base, over }
    : undefined
}

/** Whether it is a list of writers. */
export function areWriters(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= MOST_OVER && value.every(isWriter)
}

/** Registers a writer. */
export async function register(client: ObjectClient, prefix: string, found: Registered): Promise<void> {
  await client.put(registerKey(prefix), jsonLine({ format: FORMAT, version: VERSION, ...found }))
}
