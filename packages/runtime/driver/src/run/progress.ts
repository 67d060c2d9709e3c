/** How far a run is. */
import type { Work } from './work-total.js'

/** Passed to `onProgress`, some 30 times a second and at the end of each calculation. */
export interface Progress {
  /** `plan`: the schedule is being planned; only where that takes long. */
  readonly phase: 'plan' | 'forward' | 'reverse'
  /** Forward steps taken so far, recomputed ones included. */
  readonly forwardSteps: number
  /** Adjoint steps taken so far. */
  readonly adjointSteps: number
  /** How many there will be, once that is known. */
  readonly totalForwardSteps: number | undefined
  readonly totalAdjointSteps: number | undefined
  /** The part of all steps, or of the planning, that is done, 0 to 1. */
  readonly fraction: number | undefined
  readonly elapsedMs: number
  /** Estimated from the time that forward and adjoint steps took so far. */
  readonly remainingMs: number | undefined
}

/** How far the planning is, begun `elapsed` milliseconds ago. */
export function planningProgress(fraction: number, elapsed: number): Progress {
  return {
    phase: 'plan',
    forwardSteps: 0,
    adjointSteps: 0,
    totalForwardSteps: undefined,
    totalAdjointSteps: undefined,
    fraction,
    elapsedMs: elapsed,
    remainingMs: fraction > 0 ? (elapsed * (1 - fraction)) / fraction : undefined,
  }
}

/** What is done, what there will be, and the milliseconds that the done steps took, by kind. */
export function progressOf(
  phase: Progress['phase'],
  done: Work,
  total: Work | undefined,
  time: { readonly forward: number; readonly adjoint: number; readonly elapsed: number },
): Progress {
  const all = total === undefined ? undefined : total.forwardSteps + total.adjointSteps
  return {
    phase,
    ...done,
    totalForwardSteps: total?.forwardSteps,
    totalAdjointSteps: total?.adjointSteps,
    fraction: all === undefined ? undefined : fractionOf(done.forwardSteps + done.adjointSteps, all),
    elapsedMs: time.elapsed,
    remainingMs: total === undefined || done.forwardSteps === 0 ? undefined : remaining(done, total, time),
  }
}

/** Of no steps, all are done. */
function fractionOf(done: number, all: number): number {
  return all === 0 ? 1 : Math.min(1, done / all)
}

function remaining(
  done: Work,
  total: Work,
  time: { readonly forward: number; readonly adjoint: number },
): number {
  const perForward = time.forward / done.forwardSteps
  // Before the first adjoint step, an adjoint step is taken to cost twice a forward step.
  const perAdjoint = done.adjointSteps === 0 ? 2 * perForward : time.adjoint / done.adjointSteps
  const left =
    (total.forwardSteps - done.forwardSteps) * perForward +
    (total.adjointSteps - done.adjointSteps) * perAdjoint
  return Math.max(0, left)
}
