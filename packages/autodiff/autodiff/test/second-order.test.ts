/** Hessian-vector products and tangent runs: what is right, the same bits everywhere, and nothing that is left. */
import { none, singleDisk, singleMemory } from '@checkpoint-schedules/basic'
import { memoryStore } from '@checkpoint-schedules/driver'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { describe, expect, test } from 'vitest'
import { differentiable } from '../src/index.js'
import { arrays, at, byHand, numbersOf, oscillator } from './support/oscillator.js'
import { Toy, toyLibrary } from './support/toy.js'

const steps = 9
const schedule = multistage({ steps, snapshotsInRam: 2 })
const along = [0.3, -0.2, 0.5, 1, -0.7, 0.4]
const across = [-0.6, 0.1, 0.9, -0.3, 0.2, 0.8]
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0)
const moved = (h: number, direction = along) => at.map((x, i) => x + h * direction[i]!)

/** The gradient at a point, as numbers. */
async function gradientAt(point: readonly number[]): Promise<number[]> {
  const toy = toyLibrary()
  const { gradient } = await oscillator(toy).valueAndGradient({ ...arrays(toy, point), schedule })
  return numbersOf(gradient)
}

/** The Hessian times a direction, as numbers. */
async function product(direction: readonly number[]): Promise<number[]> {
  const toy = toyLibrary()
  const result = await oscillator(toy).hessianVectorProduct({
    ...arrays(toy),
    direction: arrays(toy, direction),
    schedule,
  })
  return numbersOf(result.hessianVectorProduct)
}

describe('the Hessian times a direction', () => {
  test('is the central difference of the gradient; value and gradient are those of the first order', async () => {
    const toy = toyLibrary()
    const result = await oscillator(toy).hessianVectorProduct({
      ...arrays(toy),
      direction: arrays(toy, along),
      schedule,
    })
    expect(toy.live).toBe(4 * 4)
    expect(result.value).toBeCloseTo(byHand(at, steps), 12)
    for (const [i, g] of (await gradientAt(at)).entries())
      expect(numbersOf(result.gradient)[i]).toBeCloseTo(g, 12)
    const [plus, minus] = [await gradientAt(moved(1e-4)), await gradientAt(moved(-1e-4))]
    for (const [i, h] of numbersOf(result.hessianVectorProduct).entries())
      expect(h).toBeCloseTo((plus[i]! - minus[i]!) / 2e-4, 6)
  })

  test('is symmetric', async () => {
    expect(dot(await product(along), across)).toBeCloseTo(dot(await product(across), along), 11)
  })

  test('is linear in the direction; what is left out of it is 0', async () => {
    const toy = toyLibrary()
    const objective = oscillator(toy)
    const { initialState, params } = arrays(toy, along)
    const parts: number[][] = []
    for (const direction of [{ initialState }, { params }]) {
      const result = await objective.hessianVectorProduct({ ...arrays(toy), direction, schedule })
      parts.push(numbersOf(result.hessianVectorProduct))
    }
    const whole = await product(along)
    for (const [i, h] of whole.entries()) expect(parts[0]![i]! + parts[1]![i]!).toBeCloseTo(h, 11)
  })

  test('of no steps is that of the loss', async () => {
    const toy = toyLibrary()
    const { hessianVectorProduct } = await oscillator(toy).hessianVectorProduct({
      ...arrays(toy),
      direction: arrays(toy, along),
      schedule: singleMemory(),
      steps: 0,
    })
    // (v² + k x²) / 2
    const [[x0, x1, , , k], [dx0, dx1, dv0, dv1, dk]] = [at, along] as unknown as [number[], number[]]
    const expected = [k! * dx0! + x0! * dk!, k! * dx1! + x1! * dk!, dv0!, dv1!, x0! * dx0! + x1! * dx1!, 0]
    for (const [i, h] of numbersOf(hessianVectorProduct).entries()) expect(h).toBeCloseTo(expected[i]!, 14)
  })

  test('without parameters, without a loss at the end, and with isDone', async () => {
    const toy = toyLibrary()
    const objective = differentiable({
      ad: toy,
      step: (x: Toy) => x.times(x),
      stepLoss: (x) => x.sum(),
      isDone: (x) => x.data[0]! >= 100,
    })
    const { value, hessianVectorProduct, statistics } = await objective.hessianVectorProduct({
      initialState: toy.array(2),
      direction: { initialState: toy.array(3) },
      schedule: twoLevel({ period: 3, binomialSnapshots: 1 }),
      stores: { DISK: memoryStore() },
    })
    // x² + x⁴ + x⁸ at 2
    expect([value, statistics.steps]).toEqual([4 + 16 + 256, 3])
    expect(Array.from(hessianVectorProduct.initialState.data)).toEqual([3 * (2 + 12 * 4 + 56 * 64)])
    expect(hessianVectorProduct.params).toEqual([])
  })

  test('has the same bits under every schedule, also if the terms are read in several turns', async () => {
    const many = 70
    const results: unknown[] = []
    for (const isAsync of [false, true])
      for (const one of [
        singleMemory(),
        singleDisk(),
        multistage({ steps: many, snapshotsInRam: 1 }),
        multistage({ steps: many, snapshotsInRam: 4, snapshotsOnDisk: 3 }),
        twoLevel({ period: 40, binomialSnapshots: 2 }),
      ]) {
        const toy = toyLibrary({ isAsync })
        const { value, gradient, hessianVectorProduct } = await oscillator(toy).hessianVectorProduct({
          ...arrays(toy),
          direction: arrays(toy, along),
          schedule: one,
          steps: many,
          stores: { DISK: memoryStore() },
        })
        expect(toy.live).toBe(4 * 4)
        results.push([value, numbersOf(gradient), numbersOf(hessianVectorProduct)])
      }
    for (const result of results) expect(result).toEqual(results[0])
  })

  test('keeps to a budget', async () => {
    const toy = toyLibrary()
    const objective = differentiable({
      ad: toy,
      step: (x: Toy, rate: Toy) => x.plus(x.sin().times(rate)),
      stepLoss: (x) => x.times(x).sum(),
    })
    const initialState = toy.array(...Array.from({ length: 100 }, (_, i) => i))
    const { statistics } = await objective.hessianVectorProduct({
      initialState,
      params: toy.scalar(0.01),
      direction: { params: toy.scalar(1) },
      steps: 200,
      budget: '24kB',
      families: [multistage],
    })
    const { peakCheckpoints } = statistics.storages['RAM']!
    // A state with its tangent takes 1600 bytes.
    expect(peakCheckpoints).toBeGreaterThanOrEqual(8)
    expect(statistics.peakLiveBytes).toBeLessThanOrEqual(24e3)
  })
})

describe('a tangent run', () => {
  test('gives the value and <gradient, direction>', async () => {
    const toy = toyLibrary()
    for (const count of [0, 1, steps, 70]) {
      const { value, derivative, statistics } = await oscillator(toy).jvp({
        ...arrays(toy),
        direction: arrays(toy, along),
        steps: count,
      })
      expect(value / byHand(at, count)).toBeCloseTo(1, 12)
      const difference = (byHand(moved(1e-5), count) - byHand(moved(-1e-5), count)) / 2e-5
      expect(derivative / difference).toBeCloseTo(1, 6)
      expect([statistics.steps, statistics.forwardSteps]).toEqual([count, count])
      if (count === steps) expect(derivative).toBeCloseTo(dot(await gradientAt(at), along), 11)
    }
    expect(toy.live).toBe(4 * 2 * 4)
  })

  test('takes the memory of two states, however long it is', async () => {
    const toy = toyLibrary()
    const objective = differentiable({
      ad: toy,
      step: (x: Toy) => x.sin(),
      stepLoss: (x) => x.sum(),
      isDone: (_x, n) => n === 1000,
    })
    const initialState = toy.array(...Array.from({ length: 100 }, (_, i) => i / 100))
    const direction = { initialState: toy.array(...Array.from({ length: 100 }, () => 1)) }
    const { statistics } = await objective.jvp({ initialState, direction })
    expect(statistics.steps).toBe(1000)
    expect(toy.peakBytes).toBeLessThanOrEqual(2 * 800 + 2 * 2 * 800 + 2 * 64 * 8)
  })
})

describe('nothing is left', () => {
  test.each(['hessianVectorProduct', 'jvp'] as const)(
    '%s: after an error anywhere, and an abort',
    async (name) => {
      let finished = 0
      for (const isAsync of [false, true])
        for (let failing = 1; finished < (isAsync ? 2 : 1); failing += failing < 20 ? 1 : 17) {
          const toy = toyLibrary({ isAsync })
          let calls = 0
          const controller = new AbortController()
          const objective = oscillator(toy, () => {
            if (++calls !== failing) return
            if (failing % 3 === 0) controller.abort(new Error('enough'))
            else throw new Error('enough')
          })
          const call = { ...arrays(toy), direction: arrays(toy, along), signal: controller.signal }
          const stores = { DISK: memoryStore() }
          const running =
            name === 'jvp'
              ? objective.jvp({ ...call, steps: 66 })
              : objective.hessianVectorProduct({
                  ...call,
                  schedule: multistage({ steps: 66, snapshotsInRam: 2, snapshotsOnDisk: 2 }),
                  stores,
                })
          const outcome = await running.then(
            () => 'done',
            (error: Error) => error.message,
          )
          if (outcome === 'done') finished += 1
          else expect(outcome).toContain('enough')
          expect(toy.live).toBe(outcome === 'done' && name !== 'jvp' ? 16 : 8)
          if (outcome === 'done' && calls >= failing) finished -= 1 // an abort that came too late
        }
    },
  )

  test('point and direction may be released while the run is under way', async () => {
    const toy = toyLibrary({ isAsync: true })
    const [point, direction] = [arrays(toy), arrays(toy, along)]
    const running = oscillator(toy).hessianVectorProduct({ ...point, direction, schedule })
    for (const { initialState, params } of [point, direction])
      for (const x of [initialState.x, initialState.v, params.spring, params.drag]) toy.release(x)
    await running
    expect(toy.live).toBe(8)
  })
})

describe('what is refused', () => {
  const integer = new Toy(Float64Array.of(1), [], [], 'int32')
  const toy = toyLibrary()
  const one = () => toy.array(1, 2)
  const cases: [string, object, RegExp][] = [
    [
      'no direction',
      { direction: undefined },
      /: direction is missing; pass \{ initialState, params \} or one/,
    ],
    ['an array', { direction: one() }, /: direction is an array; pass/],
    ['null', { direction: null }, /: direction is null; pass/],
    ['an empty one', { direction: {} }, /: direction is empty; pass/],
    ['another name', { direction: { param: one() } }, /: direction has param, which is not known; pass/],
    [
      'another shape',
      { direction: { initialState: toy.array(1, 2, 3) } },
      /: direction\.initialState must have the structure, shapes and types of initialState, but direction\.initialState is float64 \[3\] instead of float64 \[2\]/,
    ],
    [
      'another type',
      { direction: { params: integer } },
      /but direction\.params is int32 \[\] instead of float64 \[\]/,
    ],
    [
      'more',
      { direction: { params: [one()] } },
      /but direction\.params is missing|but it has direction\.params\[0\]/,
    ],
    [
      'parameters that are not there',
      { params: undefined, direction: { params: one() } },
      /but it has direction\.params, which params does not have/,
    ],
    ['numbers', { direction: { params: 1 } }, /direction\.params must be an array of toy.*got 1/],
    [
      'NaN',
      { direction: { initialState: toy.array(1, Number.NaN) } },
      /: the direction must be finite, but direction\.initialState is NaN at index 1/,
    ],
    ['no initial state', { initialState: undefined }, /: initialState is missing/],
  ]
  const definition = {
    ad: toy,
    step: (x: Toy, p: Toy) => x.times(p),
    loss: (x: Toy) => x.sum(),
  }
  const call = () => ({
    initialState: one(),
    params: toy.scalar(0.5),
    direction: { initialState: one() },
  })
  const outcome = async (name: 'jvp' | 'hessianVectorProduct', given: object): Promise<string> => {
    const objective = differentiable(definition)
    const before = toy.live
    const error = await objective[name](given as never).catch((it: Error) => it)
    expect(toy.live).toBe(before)
    return `${(error as { code?: string }).code} ${(error as Error).message}`
  }

  test.each(cases)('%s', async (_what, part, message) => {
    const five = multistage({ steps: 5, snapshotsInRam: 2 })
    const hessian = await outcome('hessianVectorProduct', { ...call(), schedule: five, ...part })
    expect(hessian).toMatch(message)
    const tangent = await outcome('jvp', { ...call(), steps: 5, ...part })
    expect(tangent).toMatch(message)
    if (!hessian.includes('must be an array'))
      expect([hessian, tangent]).toEqual([
        expect.stringMatching(/^INVALID_OPTION hessianVectorProduct: /),
        expect.stringMatching(/^INVALID_OPTION jvp: /),
      ])
  })

  test('what has no meaning', async () => {
    for (const key of ['schedule', 'budget', 'stores', 'onInputGradient'])
      expect(await outcome('jvp', { ...call(), steps: 5, [key]: {} })).toMatch(
        `jvp: it runs forward alone and stores nothing, so that ${key} has no meaning; leave it out.`,
      )
    expect(await outcome('jvp', call())).toMatch(/jvp: the number of steps is unknown; pass steps, or isDone/)
    expect(await outcome('hessianVectorProduct', call())).toMatch(/schedule or budget is missing/)
    expect(await outcome('hessianVectorProduct', { ...call(), schedule: none(), steps: 5 })).toMatch(
      /hessianVectorProduct: None permits no adjoint/,
    )
    expect(
      await outcome('hessianVectorProduct', {
        ...call(),
        schedule: singleMemory(),
        steps: 5,
        onInputGradient() {},
      }),
    ).toMatch(/onInputGradient/)
    expect(await outcome('hessianVectorProduct', { ...call(), budget: '1kB', steps: 5 })).toMatch(
      /hessianVectorProduct: families is missing/,
    )
  })

  test('a step that changes the shape, and what is not finite: the step is named', async () => {
    let taken = 0
    const changing = differentiable({
      ad: toy,
      step: (x: Toy) => (taken++ === 3 ? x.sum() : x.sin()),
      loss: (x) => x.sum(),
    })
    const start = { initialState: one(), direction: { initialState: one() } }
    const before = toy.live
    await expect(changing.jvp({ ...start, steps: 5 })).rejects.toThrow(/^step 3 must return a state/)
    taken = 0
    await expect(
      changing.hessianVectorProduct({ ...start, schedule: singleMemory(), steps: 5 }),
    ).rejects.toThrow(/^step 3 must return a state/)
    for (const loss of [(x: Toy) => x.sum(), undefined]) {
      const growing = differentiable({
        ad: toy,
        step: (x: Toy) => x.times(x),
        loss,
        stepLoss: loss === undefined ? (x: Toy) => x.sum() : undefined,
      })
      const message =
        /the objective is not finite: step 9 is the first one whose result is not, state is Infinity/
      await expect(growing.jvp({ ...start, steps: 100 })).rejects.toThrow(message)
      await expect(
        growing.hessianVectorProduct({ ...start, schedule: singleMemory(), steps: 100 }),
      ).rejects.toThrow(message)
    }
    expect(toy.live).toBe(before)
  })

  test('a derivative that is not finite, where the value is', async () => {
    const root = differentiable({
      ad: toy,
      step: (x: Toy) =>
        x.map(Math.sqrt, (y) =>
          y.map(
            (it) => 0.5 / Math.sqrt(it),
            (z) => z,
          ),
        ),
      loss: (x) => x.sum(),
    })
    const running = root.jvp({
      initialState: toy.array(0),
      direction: { initialState: toy.array(1) },
      steps: 1,
    })
    await expect(running).rejects.toThrow(
      /the derivative along the direction is Infinity, though the objective is finite/,
    )
  })
})
