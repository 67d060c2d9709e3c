/** Whether a journal belongs to this run. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { RunIdentity } from '@checkpoint-schedules/model'
import type { Medium } from './medium.js'

const names: Readonly<Record<keyof RunIdentity, string>> = {
  schedule: 'schedule',
  options: "schedule's options",
  steps: 'number of steps',
  adjoints: 'number of adjoint calculations',
  model: "model's fingerprint",
  initialState: "initial state's digest",
  terminalAdjoint: "terminal adjoint's digest",
}

/**
 * Refuses the journal of another run.
 *
 * @throws `JOURNAL_MISMATCH`: the message names what differs.
 * @example
 * ```ts
 * import type { RunIdentity } from '@checkpoint-schedules/model'
 * import { checkIdentity, type Medium } from '@checkpoint-schedules/storage-slots'
 *
 * const refuse = (medium: Medium, found: RunIdentity, mine: RunIdentity) => checkIdentity(medium, 'my-run', found, mine)
 * ```
 */
export function checkIdentity(
  { words }: Pick<Medium, 'words'>,
  directory: string,
  found: RunIdentity,
  expected: RunIdentity,
): void {
  const plain = JSON.parse(JSON.stringify(expected)) as RunIdentity
  const different = (Object.keys(names) as (keyof RunIdentity)[]).filter(
    (key) => !isSame(found[key], plain[key]),
  )
  if (different.length === 0) return
  const said = different.map(
    (key) => `the ${names[key]} was ${JSON.stringify(found[key])} and is ${JSON.stringify(plain[key])}`,
  )
  throw new CheckpointScheduleError(
    'JOURNAL_MISMATCH',
    `${words.journal}: ${directory} holds the journal of another run: ${said.join('; ')}. ` +
      `Repeat the same call, pass another ${words.place}, or remove the journal with ${words.remove}.`,
    { details: { directory, different } },
  )
}

/** Whether two values of plain JSON are equal; the order of keys does not count. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>]
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
  )
}
