/** The shipped models under every family: bit for bit one gradient, whatever the schedule and the storage. */
import { memoryStore, runAdjoint } from '@checkpoint-schedules/driver'
import { burgers1d, wave2d } from '@checkpoint-schedules/models'
import { describe, expect, test } from 'vitest'
import { families } from './support/families.js'

const steps = 60
const stores = { DISK: memoryStore() }

/** Two sets of options for each family; a new one is asked for here by name. */
const optionsOf: Record<string, Record<string, unknown>[]> = {
  singleMemory: [{}],
  singleDisk: [{}, { moveData: true }],
  multistage: [
    { steps, snapshotsInRam: 1 },
    { steps, snapshotsInRam: 2, snapshotsOnDisk: 4, trajectory: 'revolve' },
  ],
  twoLevel: [
    { period: 7, binomialSnapshots: 0 },
    { period: 13, binomialSnapshots: 3, binomialStorage: 'RAM' },
  ],
  revolve: [{ steps, snapshotsInRam: 5 }],
  diskRevolve: [
    { steps, snapshotsInRam: 2 },
    { steps, snapshotsInRam: 1, diskReads: 'many' },
  ],
  periodicDiskRevolve: [{ steps, snapshotsInRam: 2 }],
  hRevolve: [{ steps, snapshotsInRam: 2, snapshotsOnDisk: 3 }],
  mixed: [
    { steps, snapshots: 4 },
    { steps, snapshots: 20, storage: 'RAM' },
  ],
}

const differentiating = families.filter(({ factory }) => factory.definition.adjoints !== 0)

test('every family that permits an adjoint is here', () => {
  expect(Object.keys(optionsOf).toSorted()).toEqual(
    differentiating.map(({ exportName }) => exportName).toSorted(),
  )
})

describe.each([
  ['burgers1d', burgers1d({ points: 60, steps })],
  ['wave2d', wave2d({ steps })],
])('%s', (_, problem) => {
  const gradientUnder = async (schedule: Parameters<typeof runAdjoint>[0]['schedule']) => {
    const { model, initialState, terminalAdjoint, gradient } = problem as typeof problem & { model: never }
    const { adjoints } = await runAdjoint<any, any, any>({
      schedule,
      model,
      initialState,
      terminalAdjoint,
      steps,
      stores,
    })
    return gradient(adjoints[0] as never) as Float64Array
  }

  test('one gradient', async () => {
    const bits = (array: Float64Array) => new BigUint64Array(array.buffer, array.byteOffset, array.length)
    const singleMemory = differentiating.find(({ exportName }) => exportName === 'singleMemory')!
    const expected = await gradientUnder(singleMemory.factory())
    expect(expected.some((value) => value !== 0)).toBe(true)
    for (const { exportName, factory } of differentiating) {
      for (const options of optionsOf[exportName]!) {
        const found = await gradientUnder(factory(options))
        expect(bits(found), `${exportName} ${JSON.stringify(options)}`).toEqual(bits(expected))
      }
    }
  })
})
