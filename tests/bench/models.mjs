// What a step of each model costs, beside a plain fused loop over arrays of the same sizes with the same arithmetic.
import { burgers1d, wave2d } from '@checkpoint-schedules/models'
import { best, ratio, table } from './measure.mjs'

function burgersLoop(u, a, b) {
  let left = 0
  for (let i = 0; i < u.length - 1; i++) {
    const here = u[i]
    u[i] = here - a * (u[i + 1] * u[i + 1] - left * left) + b * (u[i + 1] - 2 * here + left)
    left = here
  }
}

// Damped leapfrog with a fourth-order stencil over rows × columns cells, for each shot in turn.
function waveLoop(u, v, m, d, rows, columns, shots) {
  for (let shot = 0; shot < shots; shot++) {
    const offset = shot * rows * columns
    for (let row = 2; row < rows - 2; row++) {
      for (let cell = row * columns + 2; cell < (row + 1) * columns - 2; cell++) {
        const i = offset + cell
        const near = u[i - 1] + u[i + 1] + (u[i - columns] + u[i + columns])
        const far = u[i - 2] + u[i + 2] + (u[i - 2 * columns] + u[i + 2 * columns])
        const left = d[cell]
        v[i] = left * (2 * u[i] - left * v[i] + m[cell] * ((4 / 3) * near - (1 / 12) * far - 5 * u[i]))
      }
    }
  }
}

const rows = []
async function compare(name, steps, step, loop) {
  const [own, plain] = await best([
    () => {
      for (let n = 0; n < steps; n++) step(n)
    },
    () => {
      for (let n = 0; n < steps; n++) loop()
    },
  ])
  const us = (ms) => `${((ms / steps) * 1000).toFixed(1)} µs`
  rows.push([name, us(own), us(plain), ratio(own / plain)])
}

for (const points of [1000, 100_000]) {
  const { model, initialState } = burgers1d({ points })
  const u = initialState.slice()
  let state = initialState.slice()
  await compare(
    `burgers1d, ${points} points`,
    1e7 / points / 10,
    (n) => (state = model.step(state, n)),
    () => burgersLoop(u, 0.1, 0.2),
  )
}

const { model, initialState, field, steps } = wave2d()
const cells = initialState.current.length
let state = {
  ...initialState,
  current: initialState.current.slice(),
  previous: initialState.previous.slice(),
}
const [depth, distance] = field.axes.map(({ count }) => count)
const padding = 2 * (30 + 2) // the absorbing layer and the halo on both sides
const [r, c] = [depth + padding, distance + padding]
const shots = cells / (r * c)
const [u, v] = [new Float64Array(cells), new Float64Array(cells)]
const [m, d] = [new Float64Array(r * c).fill(0.2), new Float64Array(r * c).fill(0.99)]
await compare(
  `wave2d, ${shots} shots of ${r} × ${c} cells`,
  100,
  (n) => (state = model.step(state, n % steps)),
  () => waveLoop(u, v, m, d, r, c, shots),
)
table('A step of the models', ['', 'step', 'plain loop', 'step / loop'], rows)
