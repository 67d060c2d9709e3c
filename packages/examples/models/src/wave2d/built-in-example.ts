/** A small problem for users without files: data from a layered model with a lens, a start without it. */
import type { NumericArray } from '@checkpoint-schedules/core'
import { layeredVelocity } from './layered-velocity.js'
import type { Wave2dOptions } from './options.js'
import { recordShots } from './record-shots.js'

const SHAPE = [40, 64] as const

/** The example, its data still to be recorded. */
export interface BuiltInExample {
  readonly truth: NumericArray
  readonly start: NumericArray
  readonly steps: number
  readonly shots: number
  readonly receivers: number
  /** Makes the data: takes `steps` steps. */
  record(): NumericArray
}

/** The built-in example for these options. */
export function builtInExample(options: Wave2dOptions): BuiltInExample {
  const {
    velocity: _velocity,
    observed: _observed,
    steps = 400,
    shots = 2,
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
    record: () => recordShots({ velocity: truth, steps, shots, receivers, ...numbers }),
  }
}
