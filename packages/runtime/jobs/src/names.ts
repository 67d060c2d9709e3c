/** Names in Redis and in a store. Made from digests and numbers, but for the queue's own name, which is checked. */
import { createHash } from 'node:crypto'
import { optionError, show } from '@checkpoint-schedules/core'

/** The beginning of all keys. */
export const PREFIX = 'checkpoint-schedules'
const DIGITS = 32

/** @throws `INVALID_OPTION` */
export function checkQueueName(name: string): void {
  if (typeof name !== 'string' || !/^[A-Za-z0-9][\w.-]{0,59}$/.test(name))
    throw optionError(
      'jobs',
      `the name of a queue must be 1 to 60 letters, digits, ".", "_" and "-", and begin with a letter or digit; got ${show(name)}.`,
    )
}

export const runsKey = (queue: string) => `${PREFIX}:${queue}:runs`
export const resultsKey = (queue: string, run: string) => `${PREFIX}:${queue}:results:${run}`
export const digestsKey = (queue: string, run: string) => `${PREFIX}:${queue}:digests:${run}`
export const controlKey = (queue: string, run: string) => `${PREFIX}:${queue}:control:${run}`

/** Names of objects in a store. */
export const partObject = (queue: string, run: string, part: number) => `${queue}/${run}/part-${part}`
export const controlObject = (queue: string, run: string) => `${queue}/${run}/control`

/**
 * BullMQ's queue for all runs with a fingerprint, and with a place for their results: no worker is ever handed a part that it cannot compute
 * or store.
 */
export function listName(
  queue: string,
  { fingerprint, place }: { readonly fingerprint: string; readonly place: 'redis' | 'store' },
): string {
  return `${queue}.${digestOf(JSON.stringify([fingerprint, place]))}`
}

/** A part in BullMQ's lists. */
export const jobId = (run: string, part: number) => `${run}-${part}`

/** The part of this run that a job is about. */
export function partOf(run: string, id: string): number | undefined {
  const digits = id.startsWith(`${run}-`) ? id.slice(run.length + 1) : ''
  return partIn(digits)
}

/** The number of a part, written as we write it; `undefined` if the text is none. */
export function partIn(text: string): number | undefined {
  return /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : undefined
}

export function isRunId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}

/** The id of a run: equal runs have equal ids. */
export function runId(fingerprint: string, parts: number, control: string | undefined): string {
  return digestOf(JSON.stringify([fingerprint, parts, control ?? null]))
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const digestOf = (text: string) => sha256(text).slice(0, DIGITS)
