/** Synthetic data: what the receivers would record if the ground were as given. */
import { checkOptions, type OptionInput, optionError } from '@checkpoint-schedules/core'
import { placesFault, velocityFault } from './faults.js'
import { shotOptions } from './options.js'
import { makeSimulation } from './simulation.js'
import { atRest, takeStep } from './step.js'
import type { Float64Grid } from './types.js'

/** What to record, and how; the physical options are those of `wave2d`. */
export type ShotSettings = OptionInput<typeof shotOptions>

/**
 * Records shots by the same solver that `wave2d` inverts with: fine for examples and tests, too easy a test for an inversion method. Shape
 * [shots, steps, receivers]. Time: `steps` steps.
 *
 * @throws `INVALID_OPTION`
 * @example
 * ```ts
 * import { layeredVelocity, recordShots } from '@checkpoint-schedules/models'
 *
 * const velocity = layeredVelocity({ shape: [40, 60], lens: true })
 * const observed = recordShots({ velocity, steps: 300, shots: 2, receivers: 20 })
 * ```
 */
export function recordShots(settings: ShotSettings): Float64Grid {
  const { velocity, steps, shots, receivers, ...numbers } = checkOptions('recordShots', shotOptions, settings)
  const fault = velocityFault(velocity, numbers) ?? placesFault(velocity.shape, shots, receivers, numbers)
  if (fault !== undefined) throw optionError('recordShots', fault)
  const records = { data: new Float64Array(shots * steps * receivers), shape: [shots, steps, receivers] }
  const simulation = makeSimulation(new Float64Array(velocity.data), velocity.shape, records, steps, numbers)
  let state = atRest(simulation)
  for (let n = 0; n < steps; n++) {
    state = takeStep(state, n, simulation)
    for (let shot = 0; shot < shots; shot++) {
      const record = (shot * steps + n) * receivers
      const offset = shot * simulation.grid.cells
      for (let r = 0; r < receivers; r++) {
        records.data[record + r] = state.current[offset + simulation.receivers[r]!]!
      }
    }
  }
  return records
}
