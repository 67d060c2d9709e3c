/** Synthetic data: what the receivers would record if the ground were as given. */
import { checkOptions, type OptionInput, optionError } from '@checkpoint-schedules/core'
import type { PartRange } from '@checkpoint-schedules/model'
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
  return recordRange(settings, { first: 0, count: settings.shots })
}

/** The records of some of the shots: the same bits as in the records of all. */
export function recordRange(settings: ShotSettings, { first, count }: PartRange): Float64Grid {
  const { velocity, steps, shots, receivers, ...numbers } = checkOptions('recordShots', shotOptions, settings)
  const fault = velocityFault(velocity, numbers) ?? placesFault(velocity.shape, shots, receivers, numbers)
  if (fault !== undefined) throw optionError('recordShots', fault)
  const records = { data: new Float64Array(count * steps * receivers), shape: [count, steps, receivers] }
  const speed = new Float64Array(velocity.data)
  const range = { first, count, of: shots }
  const simulation = makeSimulation(speed, velocity.shape, records, steps, numbers, range)
  let state = atRest(simulation)
  for (let n = 0; n < steps; n++) {
    state = takeStep(state, n, simulation)
    for (let shot = 0; shot < count; shot++) {
      const record = (shot * steps + n) * receivers
      const offset = shot * simulation.grid.cells
      const places = simulation.receivers[shot]!
      for (let r = 0; r < receivers; r++) records.data[record + r] = state.current[offset + places[r]!]!
    }
  }
  return records
}
