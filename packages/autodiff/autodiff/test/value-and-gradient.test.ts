import { none, singleDisk, singleMemory } from '@checkpoint-schedules/basic'
import { memoryStore } from '@checkpoint-schedules/driver'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { differentiable } from '../src/index.js'
import { arrays, at, byHand, numbersOf, oscillator } from './support/oscillator.js'
import { type Toy, toyLibrary } from './support/toy.js'

const numbers = (x: Toy) => Array.from(x.data)

const start = arrays
/** The arrays of `start`. */
const own = 4

describe('the value and the gradient', () => {
  test('are those of the function, by central differences', async () => {
    const toy = toyLibrary()
    const { value, gradient } = await oscillator(toy).valueAndGradient({
      ...start(toy),
      schedule: multistage({ steps: 7, snapshotsInRam: 2 }),
    })
    const f = (which: number, h: number) =>
      byHand(
        at.map((x, i) => (i === which ? x + h : x)),
        7,
      )
    expect(value).toBeCloseTo(f(0, 0), 12)
    const all = numbersOf(gradient)
    const differences = all.map((_, i) => (f(i, 1e-5) - f(i, -1e-5)) / 2e-5)
    for (const [i, slope] of all.entries()) expect(slope / differences[i]!).toBeCloseTo(1, 7)
  })

  test('have the same bits under every schedule, and leave nothing but the gradient', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 8 }),
        fc.boolean(),
        async (steps, slots, isAsync) => {
          const schedules = [
            singleMemory(),
            singleDisk(),
            multistage({ steps, snapshotsInRam: slots }),
            multistage({ steps, snapshotsInRam: 1, snapshotsOnDisk: slots }),
            twoLevel({ period: slots, binomialSnapshots: 2 }),
          ]
          const results: unknown[] = []
          for (const schedule of schedules) {
            const toy = toyLibrary({ isAsync })
            const { value, gradient } = await oscillator(toy).valueAndGradient({
              ...start(toy),
              schedule,
              steps,
              stores: { DISK: memoryStore() },
            })
            expect(toy.live).toBe(2 * own)
            results.push([value, ...numbersOf(gradient)])
          }
          for (const result of results) expect(result).toEqual(results[0])
        },
      ),
      { numRuns: 15 },
    )
  })

  test('of no steps are those of the loss', async () => {
    const toy = toyLibrary()
    const { value, gradient } = await oscillator(toy).valueAndGradient({
      ...start(toy),
      schedule: singleMemory(),
      steps: 0,
    })
    expect(value).toBeCloseTo(byHand(at, 0), 14)
    expect(numbers(gradient.initialState.v)).toEqual([0, -0.2])
    expect(numbers(gradient.params.drag)).toEqual([0])
  })

  test('isDone ends the forward', async () => {
    const toy = toyLibrary()
    const objective = differentiable({
      ad: toy,
      step: (x: Toy) => x.scaled(2),
      loss: (x) => x.sum(),
      isDone: (x) => x.data[0]! >= 100,
    })
    const { value, statistics } = await objective.valueAndGradient({
      initialState: toy.array(1),
      schedule: twoLevel({ period: 3, binomialSnapshots: 1 }),
      stores: { DISK: memoryStore() },
    })
    expect([value, statistics.steps]).toEqual([128, 7])
  })

  test('an array without a tree, and no parameters', async () => {
    const toy = toyLibrary()
    const objective = differentiable({ ad: toy, step: (x: Toy) => x.sin(), stepLoss: (x) => x.sum() })
    const { value, gradient } = await objective.valueAndGradient({
      initialState: toy.array(1),
      schedule: singleMemory(),
      steps: 2,
    })
    expect(value).toBeCloseTo(Math.sin(1) + Math.sin(Math.sin(1)), 14)
    expect(numbers(gradient.initialState)[0]).toBeCloseTo(
      Math.cos(1) + Math.cos(Math.sin(1)) * Math.cos(1),
      14,
    )
    expect(gradient.params).toEqual([])
  })
})

test('terms are added in double precision, 64 at a time', async () => {
  const toy = toyLibrary()
  const objective = differentiable({
    ad: toy,
    step: (x: Toy) => x,
    stepLoss: (x) => x.sum(),
  })
  const { value } = await objective.valueAndGradient({
    initialState: toy.array(1e-3),
    schedule: multistage({ steps: 1000, snapshotsInRam: 9 }),
  })
  expect(value).toBe(Array.from({ length: 1000 }).reduce<number>((sum) => sum + 1e-3, 0))
  expect(toy.reads).toBe(1002) // each term once, and the gradient twice: is it finite, and is it 0?
})

test('inputs: their gradients are told from the last step to the first, one at a time', async () => {
  const toy = toyLibrary({ isAsync: true })
  const seen: [number, number[], number][] = []
  const { value } = await oscillator(toy).valueAndGradient({
    ...start(toy),
    schedule: multistage({ steps: 20, snapshotsInRam: 3 }),
    async onInputGradient(gradient, n) {
      const { data } = await toy.read(gradient)
      seen.push([n, Array.from(data as Float64Array), toy.live])
    },
  })
  expect(toy.live).toBe(2 * own)
  expect(seen.map(([n]) => n)).toEqual(Array.from({ length: 20 }, (_, i) => 19 - i))
  // The last force moves v, then x, and is in a term itself.
  const h = 1e-6
  const moved = async (n: number) => {
    const objective = differentiable({
      ad: toy,
      step: (s: Toy, _p, force: Toy) => s.plus(force),
      stepLoss: (s, _p, force) => s.times(s).plus(force.times(s)).sum(),
      inputs: (k) => toy.array(0.3 + (k === n ? h : 0)),
    })
    return (
      await objective.valueAndGradient({ initialState: toy.array(1), schedule: singleMemory(), steps: 4 })
    ).value
  }
  const told: number[] = []
  const plain = differentiable({
    ad: toy,
    step: (s: Toy, _p, force: Toy) => s.plus(force),
    stepLoss: (s, _p, force) => s.times(s).plus(force.times(s)).sum(),
    inputs: () => toy.array(0.3),
  })
  const base = await plain.valueAndGradient({
    initialState: toy.array(1),
    schedule: singleMemory(),
    steps: 4,
    onInputGradient: (gradient, n) => void (told[n] = gradient.data[0]!),
  })
  for (let n = 0; n < 4; n++) expect(told[n]).toBeCloseTo(((await moved(n)) - base.value) / h, 4)
  expect(value).toBeGreaterThan(0)
})

describe('nothing is left', () => {
  test('after an error in any function at any step, and after an abort', async () => {
    for (const isAsync of [false, true])
      for (let failing = 0; failing < 60; failing++) {
        const toy = toyLibrary({ isAsync })
        let calls = 0
        const controller = new AbortController()
        const fail = (how: number) => {
          if (++calls !== failing) return
          if (how === 0) controller.abort(new Error('enough'))
          else throw new Error('enough')
        }
        const objective = differentiable({
          ad: toy,
          step(x: Toy, p: Toy, input: Toy) {
            fail(failing % 2)
            return x.times(p).plus(input)
          },
          loss(x) {
            fail(1)
            return x.sum()
          },
          stepLoss(x, p) {
            fail(1)
            return x.times(p).sum()
          },
          inputs(n) {
            fail(1)
            return toy.array(n, n)
          },
        })
        const running = objective.valueAndGradient({
          initialState: toy.array(1, 2),
          params: toy.scalar(0.5),
          schedule: multistage({ steps: 6, snapshotsInRam: 1, snapshotsOnDisk: 1 }),
          stores: { DISK: memoryStore() },
          signal: controller.signal,
          onInputGradient: () => fail(1),
        })
        const outcome = await running.then(
          () => 'done',
          (error: Error) => error.message,
        )
        if (outcome !== 'done') expect(outcome).toContain('enough')
        expect(toy.live).toBe(outcome === 'done' ? 4 : 2)
      }
  })

  test('the initial state and parameters may be released while the run is under way', async () => {
    const toy = toyLibrary({ isAsync: true })
    const { initialState, params } = start(toy)
    const running = oscillator(toy).valueAndGradient({
      initialState,
      params,
      schedule: multistage({ steps: 10, snapshotsInRam: 2 }),
    })
    for (const x of [initialState.x, initialState.v, params.spring, params.drag]) toy.release(x)
    await running
    expect(toy.live).toBe(own)
  })
})

test('memory is that of the checkpoints: 10,000 steps with 20 slots', async () => {
  const toy = toyLibrary()
  const state = toy.array(...Array.from({ length: 100 }, (_, i) => i / 100))
  const objective = differentiable({ ad: toy, step: (x: Toy) => x.sin(), loss: (x) => x.sum() })
  const { statistics } = await objective.valueAndGradient({
    initialState: state,
    schedule: multistage({ steps: 10_000, snapshotsInRam: 20 }),
  })
  expect(statistics.storages['RAM']!.peakCheckpoints).toBe(20)
  expect(toy.peakBytes).toBeLessThanOrEqual((20 + 6) * 800)
})

test('a schedule without an adjoint is refused', async () => {
  const toy = toyLibrary()
  const running = oscillator(toy).valueAndGradient({ ...start(toy), schedule: none(), steps: 3 })
  await expect(running).rejects.toThrow(/permits no adjoint/)
})
