/** An adaptive time step: x' = -x³, explicit Euler with a step that halves where x moves fast; the tape has the step that was taken. */
import type { Model } from '@checkpoint-schedules/driver'
import type { Example } from './example.js'

interface State {
  x: number
  time: number
}

interface Tape {
  readonly x: number
  readonly dt: number
}

const END = 3
const COARSEST = 0.25

/** The step is one of a few sizes, so that it does not change where x changes a little. */
function stepSize({ x, time }: State): number {
  let dt = COARSEST
  while (dt * Math.abs(x) ** 3 > 0.05) dt /= 2
  return Math.min(dt, END - time)
}

function step(state: State): State {
  const dt = stepSize(state)
  state.x -= dt * state.x ** 3
  state.time += dt
  return state
}

const model: Model<State, Tape, number> = {
  step,
  tape: (state) => ({ tape: { x: state.x, dt: stepSize(state) }, state: step(state) }),
  adjoint: (a, { x, dt }) => a * (1 - 3 * dt * x * x),
  isDone: ({ time }) => time >= END,
  fingerprint: 'adaptive',
}

/** Until time 3; how many steps that takes shows on the way. */
export function adaptive(): Example<State, Tape, number> {
  let state: State = { x: 1.2, time: 0 }
  let steps = 0
  for (; state.time < END; steps++) state = step(state)
  return {
    model,
    initialState: { x: 1.2, time: 0 },
    terminalAdjoint: ({ x }, k) => x + k,
    steps,
  }
}
