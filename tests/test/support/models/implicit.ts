/** A step whose tape is not its state: implicit Euler for x' = -k x³, solved by Newton; the tape is the slope at the solution. */
import type { Model } from '@checkpoint-schedules/driver'
import type { Example } from './example.js'

interface Gradient {
  x: number
  /** With respect to k. */
  k: number
}

interface Tape {
  /** dx(n+1)/dx(n), and dx(n+1)/dk. */
  readonly x: number
  readonly k: number
}

const H = 0.1
const K = 1.3

/** x(n+1) + h k x(n+1)³ = x(n) */
function solve(x: number): number {
  let y = x
  for (let i = 0; i < 8; i++) y -= (y + H * K * y ** 3 - x) / (1 + 3 * H * K * y * y)
  return y
}

const model: Model<number, Tape, Gradient> = {
  step: (x) => solve(x),
  tape(x) {
    const y = solve(x)
    const slope = 1 / (1 + 3 * H * K * y * y)
    return { state: y, tape: { x: slope, k: -slope * H * y ** 3 } }
  },
  adjoint: (a, tape) => ({ x: a.x * tape.x, k: a.k + a.x * tape.k }),
  fingerprint: 'implicit',
}

/** 41 steps of it. */
export function implicit(): Example<number, Tape, Gradient> {
  return {
    model,
    initialState: 1.5,
    terminalAdjoint: (x, k) => ({ x: x + k, k: 0 }),
    steps: 41,
  }
}
