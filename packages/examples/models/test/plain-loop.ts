/** The adjoint calculation in its plainest form: every tape is kept. What a schedule must reproduce. */
import type { ProblemInstance } from '@checkpoint-schedules/model'

/** Runs `instance` forward and backward. Its model must be sync, as all of ours are. */
export function runPlainly<S, T, A, C>(instance: ProblemInstance<S, T, A, C>) {
  const { model, steps = 0, terminalAdjoint } = instance
  let state = structuredClone(instance.initialState)
  const tapes: T[] = []
  for (let n = 0; n < steps; n++) {
    const taken = model.tape(state, n) as { state: S; tape: T }
    state = taken.state
    tapes.push(taken.tape)
  }
  const terminal = terminalAdjoint as (state: S, k: number) => A
  let adjoint = terminal(state, 0)
  for (let n = steps - 1; n >= 0; n--) adjoint = model.adjoint(adjoint, tapes[n]!, n) as A
  return {
    value: instance.objective(state) as number,
    gradient: instance.gradient(adjoint) as C,
    finalState: state,
  }
}

/** Numbers in [-1, 1) that are the same in every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1
  }
}
