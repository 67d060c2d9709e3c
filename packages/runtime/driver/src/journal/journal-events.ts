/** What the driver reports about a journal. */
import type { JournalEvent, Model } from '@checkpoint-schedules/model'
import type { Workspace } from '../run/workspace.js'

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

/**
 * What a resumed run does not show again; `undefined` if the model does not look.
 *
 * @param seen - The last step whose state an earlier process observed.
 */
export function notObserved<State, Tape, Adjoint>(
  model: Model<State, Tape, Adjoint>,
  { adjoint, results, course }: Workspace<State, Tape, Adjoint>,
  seen: number,
): JournalEvent | undefined {
  const shown: string[] = []
  if (model.observe !== undefined) shown.push(`observe the states at n = 0 … ${seen}`)
  if (model.observeAdjoint !== undefined) {
    const whole = results.length
    if (whole > 0)
      shown.push(
        `observeAdjoint ${whole === 1 ? 'one adjoint calculation' : `${whole} adjoint calculations`}`,
      )
    if (adjoint.held) shown.push(`observeAdjoint the adjoints at n = ${course.end} … ${adjoint.at}`)
  }
  if (shown.length === 0) return undefined
  return {
    type: 'not-observed',
    message:
      `An earlier process has shown ${shown.join(', and ')}; they are not shown again. ` +
      'What was summed from them outside the state is lost: keep running sums in the state or the adjoint.',
  }
}
