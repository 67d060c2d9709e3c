/** The same objective through the driver's own functions. */
import { runAdjoint } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { expect, test } from 'vitest'
import { differentiable } from '../src/index.js'
import { type Toy, toyLibrary } from './support/toy.js'

const setUp = () => {
  const toy = toyLibrary()
  const objective = differentiable({
    ad: toy,
    step: (x: Toy, rate: Toy) => x.plus(x.sin().times(rate)),
    stepLoss: (x, rate) => x.times(x).times(rate).sum(),
  })
  return { toy, objective, initialState: toy.array(1, 2), params: toy.scalar(0.1) }
}

test('runAdjoint on the problem gives what valueAndGradient gives', async () => {
  const { objective, initialState, params } = setUp()
  const schedule = multistage({ steps: 30, snapshotsInRam: 3 })
  const { gradient, value } = await objective.valueAndGradient({ initialState, params, schedule })
  const { adjoints } = await runAdjoint({ schedule, ...objective.problem({ initialState, params }) })
  const { tree, value: read } = adjoints[0]!
  expect(tree.params.data).toEqual(gradient.params.data)
  expect(tree.state.data).toEqual(gradient.initialState.data)
  expect(tree.terms.reduce((sum, { data }) => sum + data[0]!, read)).toBe(value)
})

test('checkReplay compares states, and finds a step that is not reproducible', async () => {
  const { objective, initialState, params, toy } = setUp()
  const schedule = multistage({ steps: 30, snapshotsInRam: 3 })
  const { statistics } = await objective.valueAndGradient({
    initialState,
    params,
    schedule,
    checkReplay: true,
  })
  expect(statistics.replay!.verdict).toBe('passed')
  const noisy = differentiable({
    ad: toy,
    step: (x: Toy) => x.scaled(1 + 1e-9 * Math.random()),
    loss: (x) => x.sum(),
  })
  const running = noisy.valueAndGradient({ initialState, schedule, checkReplay: true })
  await expect(running).rejects.toMatchObject({ code: 'NOT_REPRODUCIBLE' })
})

test('what an encoded checkpoint says is not believed', async () => {
  const { objective, initialState, params, toy } = setUp()
  const { model, initialState: held } = objective.problem({ initialState, params })
  const codec = model.codecs!.state!
  const bytes = await codec.encode(held)
  const read = await codec.decode(bytes)
  expect(read.tree.data).toEqual(held.tree.data)
  codec.dispose!(read)
  const before = toy.live
  const other = objective.problem({ initialState: toy.array(1, 2, 3), params })
  await expect((async () => other.model.codecs!.state!.decode(bytes))()).rejects.toThrow(
    /these bytes are no checkpoint of this run: state was float64 \[3\] and is float64 \[2\]/,
  )
  expect(toy.live).toBe(before + 1)
})
