// What a step of each model costs, against a plain fused loop.
import { burgers1d, wave2d } from '@checkpoint-schedules/models'
import { timed } from '../harness/timing.mjs'
import { burgersLoop, waveLoop } from '../support/plain-steps.mjs'

const many = (times, step) =>
  timed(() => {
    for (let n = 0; n < times; n++) step(n)
  })

function burgers(points) {
  const times = 1e6 / points
  return {
    name: `burgers1d, ${points.toLocaleString('en')} points`,
    step() {
      const { model, initialState } = burgers1d({ points })
      let state = initialState.slice()
      return many(times, (n) => (state = model.step(state, n)))
    },
    plain() {
      const u = burgers1d({ points }).initialState.slice()
      return many(times, () => burgersLoop(u, 0.1, 0.2))
    },
  }
}

const TIMES = 20
const wave = {
  name: 'wave2d',
  step() {
    const { model, initialState, steps } = wave2d()
    const [current, previous] = [initialState.current.slice(), initialState.previous.slice()]
    let state = { ...initialState, current, previous }
    return many(TIMES, (n) => (state = model.step(state, n % steps)))
  },
  plain() {
    const { initialState, field } = wave2d()
    const cells = initialState.current.length
    const padding = 2 * (30 + 2) // the absorbing layer and the halo on both sides
    const [rows, columns] = field.axes.map(({ count }) => count + padding)
    const [u, v] = [new Float64Array(cells), new Float64Array(cells)]
    const m = new Float64Array(rows * columns).fill(0.2)
    const d = new Float64Array(rows * columns).fill(0.99)
    return many(TIMES, () => waveLoop(u, v, m, d, rows, columns, cells / (rows * columns)))
  },
}

export const bench = {
  title: 'steps of the models',
  experiments: [burgers(1000), burgers(100_000), wave].map(({ name, step, plain }) => ({
    variants: { step, plain },
    goals: [
      {
        name,
        figure: 'CPU time / a plain loop',
        unit: '×',
        measure: ({ step, plain }) => step.cpu / plain.cpu,
      },
    ],
  })),
}
