/** A small problem for users without files: data from a layered model with a lens, a start without it. */
import type { NumericArray } from '@checkpoint-schedules/core'
import type { PartRange } from '@checkpoint-schedules/model'
import { layeredVelocity } from './layered-velocity.js'
import type { Wave2dOptions } from './options.js'
import { recordRange } from './record-shots.js'

/** Shots of the example. */
export const OWN_SHOTS = 2
const SHAPE = [40, 64] as const

/** The example, its data still to be recorded. */
export interface BuiltInExample {
  readonly truth: NumericArray
  readonly start: NumericArray
  readonly steps: number
  readonly shots: number
  readonly receivers: number
  /** Makes the data of these shots: takes `steps` steps. */
  record(range: PartRange): NumericArray
}

/** The built-in example for these options. */
export function builtInExample(options: Wave2dOptions): BuiltInExample {
  const {
    velocity: _velocity,
    observed: _observed,
    steps = 400,
    shots = OWN_SHOTS,
    receivers = 32,
    ...numbers
  } = options
  const truth = layeredVelocity({ shape: SHAPE, lens: true })
  return {
    truth,
    start: layeredVelocity({ shape: SHAPE, lens: false, smoothing: 2 }),
    steps,
    shots,
    receivers,
    record: (range) => recordRange({ velocity: truth, steps, shots, receivers, ...numbers }, range),
  }
}
