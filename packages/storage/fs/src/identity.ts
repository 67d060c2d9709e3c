/** Whether a journal belongs to this run. */
import { isDeepStrictEqual } from 'node:util'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { RunIdentity } from '@checkpoint-schedules/model'

const names: Readonly<Record<keyof RunIdentity, string>> = {
  schedule: 'schedule',
  options: "schedule's options",
  steps: 'number of steps',
  adjoints: 'number of adjoint calculations',
  model: "model's fingerprint",
  initialState: "initial state's digest",
  terminalAdjoint: "terminal adjoint's digest",
}

/** @throws `JOURNAL_MISMATCH`: the message names what differs. */
export function checkIdentity(directory: string, found: RunIdentity, expected: RunIdentity): void {
  const plain = JSON.parse(JSON.stringify(expected)) as RunIdentity
  const different = (Object.keys(names) as (keyof RunIdentity)[]).filter(
    (key) => !isDeepStrictEqual(found[key], plain[key]),
  )
  if (different.length === 0) return
  const said = different.map(
    (key) => `the ${names[key]} was ${JSON.stringify(found[key])} and is ${JSON.stringify(plain[key])}`,
  )
  throw new CheckpointScheduleError(
    'JOURNAL_MISMATCH',
    `fileJournal: ${directory} holds the journal of another run: ${said.join('; ')}. ` +
      'Repeat the same call, pass another directory, or remove the journal with cleanDirectory.',
    { details: { directory, different } },
  )
}
