/** The simulated wall time against the driver itself, in virtual time, and the laws that it obeys. */
import { singleDisk } from '@checkpoint-schedules/basic'
import { memoryStore, runAdjoint } from '@checkpoint-schedules/driver'
import { type SimulateOptions, simulate, type SimulationCosts } from '@checkpoint-schedules/simulator'
import { arbitraryOptions } from '@checkpoint-schedules/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { families } from './support/families.js'
import { timedProblem, timedStore, VirtualTime } from './support/virtual-time.js'

const N = 30
// No two sums are equal, so that no two events happen at the same time by chance.
const cost = fc.double({ min: 0.001, max: 10, noNaN: true })
const storages = ['RAM', 'DISK', 'SSD', 'GPU', 'A', 'B']

const arbitraryCosts = fc
  .tuple(fc.array(cost, { minLength: 40, maxLength: 40 }), fc.boolean())
  .map(([prices, isEven]): Required<SimulationCosts> => {
    let i = 0
    const next = () => prices[i++]! * (1 + i * 1e-3 * Math.SQRT2)
    const per = () => Object.fromEntries(storages.map((name) => [name, name === 'RAM' ? 0 : next()]))
    const [forwardStep, adjointStep] = [next(), next()]
    const [write, read] = [per(), per()]
    const plain = { forwardStep, adjointStep, write, read }
    if (isEven) return { ...plain, tapedStep: forwardStep, copy: 0, writeTape: write, readTape: read }
    return { ...plain, tapedStep: next(), copy: next() / 10, writeTape: per(), readTape: per() }
  })

describe.each(families)('$exportName', ({ factory }) => {
  const options = arbitraryOptions(factory, { steps: N, slots: 6 })

  test('the driver takes as long as is simulated', async () => {
    const property = fc.asyncProperty(
      options,
      arbitraryCosts,
      fc.nat({ max: 5 }),
      async (given, costs, buffers) => {
        const schedule = factory(given)
        const steps = schedule.manifest.steps ?? N
        const { overlapped } = simulate(schedule, { steps, costs, buffers })
        const time = new VirtualTime()
        const stores = Object.fromEntries(
          Object.keys(schedule.limits(steps)).map((storage) => [
            storage,
            storage === 'RAM' ? memoryStore() : timedStore(time, storage, costs),
          ]),
        )
        const problem = timedProblem(time, costs)
        const end = await time.run(() => runAdjoint({ ...problem, schedule, steps, stores, buffers }))
        // The first thing is a copy of the initial state.
        expect(end - costs.copy).toBeCloseTo(overlapped!, 6)
      },
    )
    await fc.assert(property, { numRuns: Number(process.env['RUNS'] ?? 15) })
  })

  test('between what it must take and one thing after another', () => {
    const property = fc.property(options, arbitraryCosts, fc.nat({ max: 5 }), (given, costs, buffers) => {
      const schedule = factory(given)
      const steps = schedule.manifest.steps ?? N
      const of = (more: SimulateOptions) => simulate(schedule, { steps, costs, ...more })
      const { makespan, overlapped, writes, reads } = of({ buffers })
      expect(overlapped).toBeLessThanOrEqual(makespan)
      expect(of({ buffers: 0 }).overlapped).toBeCloseTo(makespan, 6)
      // Transfers free: computing alone, with the copies. Everything else free: the transfers of one storage.
      const free = { write: { DISK: 0 }, read: { DISK: 0 }, writeTape: {}, readTape: {} }
      const computing = of({ costs: { ...costs, ...free } }).makespan
      expect(overlapped).toBeGreaterThanOrEqual(computing - 1e-6)
      const nothing = { forwardStep: 0, adjointStep: 0, tapedStep: 0, copy: 0 }
      for (const storage of Object.keys({ ...writes, ...reads })) {
        const only = (prices: Record<string, number>) => ({ ...free.write, [storage]: prices[storage] ?? 0 })
        const [write, read] = [only(costs.write), only(costs.read)]
        const [writeTape, readTape] = [only(costs.writeTape), only(costs.readTape)]
        const alone = of({ costs: { ...nothing, write, read, writeTape, readTape } }).makespan
        expect(overlapped).toBeGreaterThanOrEqual(alone - 1e-6)
      }
    })
    fc.assert(property, { numRuns: 100 })
  })
})

test('more buffers are not always faster: a read that starts early may delay another transfer', () => {
  const costs = { write: { DISK: 1 }, read: { DISK: 1 } }
  const of = (buffers: number) => simulate(singleDisk(), { steps: 2, costs, buffers }).overlapped
  expect([0, 1, 2, 3].map(of)).toEqual([8, 7, 6, 7])
})

test('buffers must be a number of buffers', () => {
  expect(() => simulate(singleDisk(), { steps: 2, buffers: -1 })).toThrow(
    'buffers must be an integer >= 0; got -1',
  )
})
