import { memoryStore } from '@checkpoint-schedules/driver'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { expect, test } from 'vitest'
import { differentiable } from '../src/index.js'
import { type Toy, toyLibrary } from './support/toy.js'

const setUp = () => {
  const toy = toyLibrary()
  let taken = 0
  const objective = differentiable({
    ad: toy,
    step(x: Toy, rate: Toy) {
      taken += 1
      return x.plus(x.sin().times(rate))
    },
    loss: (x) => x.sum(),
    stepLoss: (x) => x.times(x).sum(),
  })
  const initialState = toy.array(...Array.from({ length: 100 }, (_, i) => i))
  return { toy, objective, initialState, params: toy.scalar(0.01), steps: 200, taken: () => taken }
}

test('a budget is kept, and used', async () => {
  const { toy, objective, initialState, params, steps } = setUp()
  const { statistics } = await objective.valueAndGradient({
    initialState,
    params,
    steps,
    budget: '12kB',
    families: [multistage],
  })
  const { peakCheckpoints } = statistics.storages['RAM']!
  // 800 bytes a state: twelve kB are fifteen, of which the run needs four for what it works on.
  expect(peakCheckpoints).toBe(10)
  expect(statistics.peakLiveBytes).toBeLessThanOrEqual(12e3)
  expect(toy.live).toBe(4)
})

test('a disk and several families: measured once', async () => {
  const { objective, initialState, params, steps, taken } = setUp()
  const call = {
    initialState,
    params,
    steps,
    budget: { RAM: '8kB', DISK: '1MB' },
    families: { multistage },
    stores: { DISK: memoryStore() },
  }
  await objective.valueAndGradient(call)
  const first = taken()
  await objective.valueAndGradient(call)
  expect(taken() - first).toBeLessThan(first)
})

test('a plan is for the families that it was made from', async () => {
  const { objective, initialState, params, steps } = setUp()
  const call = { initialState, params, steps, budget: '12kB' }
  await objective.valueAndGradient({ ...call, families: [multistage] })
  // It needs a disk.
  await expect(objective.valueAndGradient({ ...call, families: [twoLevel] })).rejects.toThrow(
    /no schedule fits the budget/,
  )
})
