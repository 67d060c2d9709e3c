/** What a run must give, without schedule or driver: a loop that stores every tape. */
import type { AnyExample } from './models/example.js'

export async function byHand({ model, initialState, terminalAdjoint, steps }: AnyExample, adjoints: number) {
  let state: unknown = structuredClone(initialState)
  const tapes: unknown[] = []
  for (let n = 0; n < steps; n++) {
    const taped = await model.tape(state, n)
    tapes.push(structuredClone(taped.tape))
    state = taped.state
  }
  const found: unknown[] = []
  for (let k = 0; k < adjoints; k++) {
    let adjoint: unknown = await terminalAdjoint(state, k)
    for (let n = steps - 1; n >= 0; n--) adjoint = await model.adjoint(adjoint, tapes[n], n)
    found.push(adjoint)
  }
  return { finalState: state, adjoints: found }
}
