/** A two-step method: u(n+1) = 2 u(n) - u(n-1) + h² f(u(n)); the state has two levels, stepped in place. */
import type { Model } from '@checkpoint-schedules/driver'
import type { Example } from './example.js'

interface Levels {
  now: Float64Array
  before: Float64Array
}

const CELLS = 24
const H2 = 0.04
const force = (left: number, u: number, right: number) => left - 2 * u + right - 0.1 * u * u * u

function step({ now, before }: Levels): Levels {
  // The oldest level becomes the newest: no copy.
  for (let i = 0; i < CELLS; i++) {
    const f = force(now[(i + CELLS - 1) % CELLS]!, now[i]!, now[(i + 1) % CELLS]!)
    before[i] = 2 * now[i]! - before[i]! + H2 * f
  }
  return { now: before, before: now }
}

const model: Model<Levels, Float64Array, Levels> = {
  step,
  // The step is linear in `before`: only `now` is needed.
  tape: (state) => ({ tape: state.now.slice(), state: step(state) }),
  adjoint({ now: a, before: b }, u) {
    // new.now = 2 now - before + h² f(now), new.before = now
    const now = b.slice()
    for (let i = 0; i < CELLS; i++) {
      now[i]! += (2 - H2 * (2 + 0.3 * u[i]! * u[i]!)) * a[i]!
      now[i]! += H2 * (a[(i + CELLS - 1) % CELLS]! + a[(i + 1) % CELLS]!)
    }
    return { now, before: a.map((x) => -x) }
  },
  fingerprint: 'leapfrog',
}

const wave = Float64Array.from({ length: CELLS }, (_, i) => Math.sin((2 * Math.PI * i) / CELLS))

/** 50 steps of it. */
export function leapfrog(): Example<Levels, Float64Array, Levels> {
  return {
    model,
    initialState: { now: wave.slice(), before: wave.map((x) => 0.98 * x) },
    terminalAdjoint: ({ now }, k) => ({
      now: now.map((x) => x * (k + 1)),
      before: new Float64Array(CELLS),
    }),
    steps: 50,
  }
}
