/** What the driver tells about a journal. */
import type { JournalEvent } from '@checkpoint-schedules/model'

/** Storages whose checkpoints do not outlive the process, although there is a journal. */
export function leftOut(storages: readonly string[]): JournalEvent {
  const [what, has, its] =
    storages.length === 1
      ? [storages[0]!, 'has a store', 'Its']
      : [storages.join(' and '), 'have stores', 'Their']
  return {
    type: 'left-out',
    message:
      `${what} ${has} apart from the journal. ${its} checkpoints end with this process, and resuming computes them again in a ` +
      'forward sweep. Leave them out of stores to have the journal keep them.',
  }
}

/** The run is resumed with a model that says nothing about itself. */
export function unnamedModel(): JournalEvent {
  return {
    type: 'unnamed-model',
    message:
      'The model has no fingerprint: nothing says that it is the one with which the run began. ' +
      'Give it one that names the model and its parameters, such as "decay 0.01".',
  }
}

/** @param last - The last step that an earlier process has shown. */
export function notObserved(last: number): JournalEvent {
  const steps = last === 0 ? 'Step 0 was' : `Steps 0 to ${last} were`
  return {
    type: 'not-observed',
    message:
      `${steps} observed before the run was resumed and not again: what observe sums up outside the state lacks them. ` +
      'Keep running sums in the state.',
  }
}
