/** Why a schedule takes an action, in a sentence or two: what it is for, and what comes of it later. */
import type { ForwardAction } from '@checkpoint-schedules/core'
import { actionAt, Kind, type Recording } from './recording.js'

/**
 * A sentence that says what action `i` is for. Time O(actions).
 *
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { record, whyAt } from '@checkpoint-schedules/space-time'
 *
 * const recording = record(multistage({ steps: 3, snapshotsInRam: 1 }))
 * whyAt(recording, 0) // 'Restart data of step 0 is stored in RAM: it will be read 2 times. Then the forward takes steps 0 and 1.'
 * ```
 */
export function whyAt(recording: Recording, i: number): string {
  const action = actionAt(recording, i)
  switch (action.type) {
    case 'Forward':
      return forward(recording, i, action)
    case 'Reverse':
      return `The adjoint takes ${steps(action.n0, action.n1)} backwards, with the tape that is there now.`
    case 'Copy':
    case 'Move': {
      const data = action.to === 'ADJ_DEPS' ? 'The tape' : 'Restart data'
      const next = nextAdjoint(recording, i)
      const need = next === undefined ? '' : `The adjoint needs step ${next} next. `
      const stays =
        action.type === 'Copy'
          ? 'and stays there, since it will be needed again'
          : 'for the last time, and its place is free'
      return `${need}${data} of step ${action.n} is read from ${action.from} ${stays}.`
    }
    case 'Discard':
      return `The checkpoint of step ${action.n} in ${action.storage} is deleted without being read, and its slot is free.`
    case 'EndForward':
      return 'The forward has reached its end; the adjoint can start.'
    case 'EndReverse':
      return 'The adjoint has reached step 0: the gradient is complete.'
  }
}

function forward(recording: Recording, i: number, action: ForwardAction): string {
  const { n0, n1, writeIcs, writeAdjDeps, storage } = action
  const taken = `the forward takes ${steps(n0, n1)}`
  if (writeAdjDeps && storage === 'ADJ_DEPS')
    return `${capital(taken)} and tapes it, because the adjoint takes it next.`
  if (writeAdjDeps && storage === 'WORKING_MEMORY')
    return `${capital(taken)} and keeps all its tapes in memory: nothing will be computed again.`
  if (writeAdjDeps) return `${capital(taken)} and stores its tape in ${storage}: it will not be taken again.`
  if (writeIcs) {
    const reads = readsOf(recording, i)
    const use = reads === 0 ? 'it is not read in this run' : `it will be read ${times(reads)}`
    return `Restart data of step ${n0} is stored in ${storage}: ${use}. Then ${taken}.`
  }
  const next = nextAdjoint(recording, i)
  if (next === undefined) return `${capital(taken)} and stores nothing: no adjoint follows.`
  return `${capital(taken)} and stores nothing: the adjoint needs step ${next} next, and this is the way there.`
}

/** How often what action `i` stores is read before it is gone. */
function readsOf({ kinds, starts, places, bars }: Recording, i: number): number {
  const bar = bars.from.indexOf(i)
  if (bar < 0) return 0
  const step = bars.steps[bar]!
  let reads = 0
  for (let k = i + 1; k < kinds.length && k <= bars.to[bar]!; k++) {
    const isRead = kinds[k] === Kind.Copy || kinds[k] === Kind.Move
    if (isRead && starts[k] === step && places[k] === places[i]) reads += 1
  }
  return reads
}

/** The step that the adjoint takes next after action `i`. */
function nextAdjoint({ kinds, starts }: Recording, i: number): number | undefined {
  for (let k = i + 1; k < kinds.length; k++) if (kinds[k] === Kind.Adjoint) return starts[k]! - 1
  return undefined
}

function steps(n0: number, n1: number): string {
  if (n1 - n0 === 1) return `step ${n0}`
  return n1 - n0 === 2 ? `steps ${n0} and ${n1 - 1}` : `steps ${n0} to ${n1 - 1}`
}
const times = (count: number) => (count === 1 ? 'once' : `${count} times`)
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
