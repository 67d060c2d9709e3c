/** Why a schedule takes an action, in a sentence. */
import type { Action } from '@checkpoint-schedules/core'

/**
 * A sentence that says what an action is for. `steps` is the number of steps, which stands in for an unbounded end.
 */
export function why(action: Action, steps: number): string {
  switch (action.type) {
    case 'Forward':
      return forward(action.n0, Math.min(action.n1, steps), action)
    case 'Reverse':
      return `The adjoint takes ${span(action.n0, action.n1)} backwards with the data that was just taped or read.`
    case 'Copy':
      return `${kept(action.to, action.n)} is read from ${action.from}; it stays there, since it is needed again.`
    case 'Move':
      return `${kept(action.to, action.n)} is read from ${action.from} for the last time, and its place is free.`
    case 'EndForward':
      return 'The forward has reached its end; the adjoint can start.'
    case 'EndReverse':
      return 'The adjoint has reached the first step: the gradient is complete.'
  }
}

function forward(
  n0: number,
  n1: number,
  { writeIcs, writeAdjDeps, storage }: { writeIcs: boolean; writeAdjDeps: boolean; storage: string },
): string {
  const steps = span(n0, n1)
  if (storage === 'ADJ_DEPS')
    return `The forward takes ${steps} and tapes it, because the adjoint takes it next.`
  if (writeIcs && writeAdjDeps) return `The forward takes ${steps} and keeps everything in memory.`
  if (writeAdjDeps)
    return `The forward takes ${steps} and stores its tape in ${storage}: it will not be taken again.`
  if (writeIcs) return `Restart data of step ${n0} goes to ${storage}, then the forward takes ${steps}.`
  return `The forward takes ${steps} and stores nothing: only where it arrives is wanted.`
}

const span = (n0: number, n1: number): string => (n1 - n0 === 1 ? `step ${n0}` : `steps ${n0} to ${n1 - 1}`)
const kept = (to: string, n: number): string =>
  `${to === 'ADJ_DEPS' ? 'The tape' : 'Restart data'} of step ${n}`
