/** jax-js under the driver, on the backends that run in Node: what is right, and that every array is released. */
import { differentiable, type Differentiator } from '@checkpoint-schedules/autodiff'
import { memoryStore } from '@checkpoint-schedules/model'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import * as jax from '@jax-js/jax'
import { beforeAll, describe, expect, test } from 'vitest'
import { jaxjs } from '../src/index.js'

// Node 20 has none, and jax-js asks for it when it is given doubles.
;(globalThis as { Float16Array?: unknown }).Float16Array ??= function () {}

const { numpy: np } = jax
type Arr = jax.Array

/** An adapter that counts the owners of arrays on our side. */
function counted(): Differentiator<Arr> & { live: number } {
  const ad = jaxjs(jax)
  const counts = (tree: unknown): number => {
    if (tree instanceof np.Array) return 1
    if (typeof tree !== 'object' || tree === null) return 0
    return Object.values(tree).reduce<number>((sum, part) => sum + counts(part), 0)
  }
  let isInside = false
  return {
    ...ad,
    live: 0,
    retain(x) {
      this.live += 1
      return ad.retain(x)
    },
    release(x) {
      if (!isInside) this.live -= 1
      ad.release(x)
    },
    write(x) {
      this.live += 1
      return ad.write(x)
    },
    compile(f) {
      const run = ad.compile(((...args: unknown[]) => {
        isInside = true
        try {
          return (f as (...args: any[]) => any)(...args)
        } finally {
          isInside = false
        }
      }) as unknown as typeof f)
      return (...args) => {
        const result = run(...args)
        this.live += counts(result)
        return result
      }
    },
  }
}

describe.each([
  ['wasm', 'float32'],
  ['wasm', 'float64'],
  ['cpu', 'float64'],
] as const)('%s %s', (backend, dtype) => {
  beforeAll(async () => {
    await jax.init(backend)
    jax.defaultDevice(backend)
  })
  // On wasm, sin has the precision of float32, in float64 as well.
  const digits = backend === 'cpu' ? 12 : 5
  const array = (...numbers: number[]): Arr =>
    np.array(dtype === 'float64' ? Float64Array.from(numbers) : Float32Array.from(numbers), {
      dtype: dtype as any,
    })
  const schedule = multistage({ steps: 12, snapshotsInRam: 1, snapshotsOnDisk: 2 })
  const stores = { DISK: memoryStore() }
  type Rates = { readonly spring: Arr; readonly unused: Arr }

  const oscillator = (ad = counted(), fail: () => void = () => {}) =>
    differentiable({
      ad,
      step({ x, v }: { x: Arr; v: Arr }, { spring }: Rates, force: Arr) {
        fail()
        const w = v.sub(np.sin(x.ref).mul(spring)).add(force)
        return { x: x.add(w.ref.mul(array(0.1))), v: w }
      },
      stepLoss: ({ x }, _rates, force) => np.square(x.sub(force)).sum(),
      inputs(n) {
        ad.live += 1
        return array(Math.sin(n), 0.1 * n)
      },
    })
  const point = () => ({
    initialState: { x: array(1, 0.5), v: array(0, -0.2) },
    params: { spring: array(0.15), unused: array(1, 2) },
  })
  const value = (x: number[], v: number[], spring: number): number => {
    let sum = 0
    for (let n = 0; n < 12; n++)
      for (const i of [0, 1]) {
        const force = i === 0 ? Math.sin(n) : 0.1 * n
        v[i] = v[i]! - spring * Math.sin(x[i]!) + force
        x[i] = x[i]! + 0.1 * v[i]
        sum += (x[i] - force) ** 2
      }
    return sum
  }

  test('value and gradient, by differences of the same in plain numbers; every array is released', async () => {
    const ad = counted()
    const { initialState, params } = point()
    const result = await oscillator(ad).valueAndGradient({ initialState, params, schedule, stores })
    expect(result.value / value([1, 0.5], [0, -0.2], 0.15)).toBeCloseTo(1, digits)
    const m = [1, 0.5, 0, -0.2, 0.15]
    const f = (at: number, h: number) => {
      const [x0, x1, v0, v1, spring] = m.map((it, i) => (i === at ? it + h : it))
      return value([x0!, x1!], [v0!, v1!], spring!)
    }
    const { x, v } = result.gradient.initialState
    const all = [x, v, result.gradient.params.spring].flatMap((g) =>
      Array.from(g.ref.dataSync() as Float64Array),
    )
    for (const [i, g] of all.entries())
      expect(g / ((f(i, 1e-5) - f(i, -1e-5)) / 2e-5)).toBeCloseTo(1, Math.min(digits, 6) - 1)
    expect(result.gradient.params.spring.dtype).toBe(dtype)
    expect(Array.from(result.gradient.params.unused.ref.dataSync())).toEqual([0, 0])
    expect(result.warnings).toEqual([expect.stringContaining('params.unused')])
    expect(ad.live).toBe(4)
    const ours = [initialState.x, initialState.v, params.spring, params.unused]
    expect(ours.map((x) => x.refCount)).toEqual([1, 1, 1, 1])
  })

  test('a part of the state that depends on neither state nor parameters: jax-js alone gives its gradient to another part', async () => {
    const objective = differentiable({
      ad: jaxjs(jax),
      step: ({ x }: { x: Arr; last: Arr }, rate: Arr, force: Arr) => ({
        last: force.ref,
        x: x.mul(rate).add(force),
      }),
      stepLoss: ({ x, last }) => x.mul(last).sum(),
      inputs: (n) => array(n, 1),
    })
    const { gradient } = await objective.valueAndGradient({
      initialState: { x: array(1, 2), last: array(0, 0) },
      params: array(0.5, 0.5),
      schedule,
      stores,
    })
    const expected = [0, 1].map((i) =>
      Array.from({ length: 12 }, (_, n) => (i === 0 ? n : 1) * 0.5 ** (n + 1)).reduce((sum, g) => sum + g),
    )
    expect(Array.from(gradient.initialState.last.dataSync())).toEqual([0, 0])
    for (const [i, g] of (gradient.initialState.x.dataSync() as Float64Array).entries())
      expect(g / expected[i]!).toBeCloseTo(1, 6)
  })

  test('constants that a function returns: jax-js alone takes those of another precision', async () => {
    const objective = differentiable({
      ad: jaxjs(jax),
      step: (x: Arr) => x.mul(array(2)),
      loss: () =>
        np.array(dtype === 'float64' ? Float64Array.of(0.25) : Float32Array.of(0.25), {
          shape: [],
          dtype: dtype as any,
        }),
    })
    const call = { initialState: array(1), direction: { initialState: array(1) } }
    expect(await objective.jvp({ ...call, steps: 3 })).toMatchObject({ value: 0.25, derivative: 0 })
    const { value } = await objective.hessianVectorProduct({ ...call, schedule, stores })
    expect(value).toBe(0.25)
  })

  test('second derivatives: differences of the gradient, <gradient, direction>, and every array is released', async () => {
    const [ad, at, along] = [counted(), [1, 0.5, 0, -0.2, 0.15], [0.4, -1, 0.3, 0.8, 0.05]]
    const trees = ([x0, x1, v0, v1, spring]: readonly number[]) => ({
      initialState: { x: array(x0!, x1!), v: array(v0!, v1!) },
      params: { spring: array(spring!), unused: array(1, 2) },
    })
    const numbers = ({ initialState: { x, v }, params: { spring } }: ReturnType<typeof trees>) =>
      [x, v, spring].flatMap((g) => Array.from(g.ref.dataSync() as Float64Array))
    const gradient = async (h: number) => {
      const point = trees(at.map((x, i) => x + h * along[i]!))
      return numbers((await oscillator().valueAndGradient({ ...point, schedule, stores })).gradient)
    }
    // Of single precision, the functions on wasm in particular.
    const h = backend === 'cpu' ? 1e-4 : 3e-2
    const [plus, minus, first] = [await gradient(h), await gradient(-h), await gradient(0)]
    const [point, direction] = [trees(at), trees(along)]
    const result = await oscillator(ad).hessianVectorProduct({ ...point, direction, schedule, stores })
    expect(ad.live).toBe(8)
    const size = Math.max(...first.map(Math.abs))
    for (const [i, product] of numbers(result.hessianVectorProduct).entries()) {
      const difference = (plus[i]! - minus[i]!) / (2 * h)
      expect(Math.abs(product - difference) / size).toBeLessThan(backend === 'cpu' ? 1e-7 : 5e-3)
    }
    for (const [i, g] of numbers(result.gradient).entries()) expect(g / first[i]!).toBeCloseTo(1, digits - 1)
    expect(Array.from(result.hessianVectorProduct.params.unused.ref.dataSync())).toEqual([0, 0])
    const tangent = await oscillator(ad).jvp({ ...point, direction, steps: 12 })
    const slope = first.reduce((sum, g, i) => sum + g * along[i]!, 0)
    expect(tangent.derivative / slope).toBeCloseTo(1, digits - 1)
    expect(ad.live).toBe(8)
    for (const { initialState: u, params } of [point, direction])
      expect([u.x, u.v, params.spring, params.unused].map((x) => x.refCount)).toEqual([1, 1, 1, 1])
  })

  test('second derivatives: nothing is left after an error or an abort', async () => {
    const point = {
      initialState: { x: array(1), v: array(0) },
      params: { spring: array(0.1), unused: array(1) },
    }
    for (const run of ['hessianVectorProduct', 'jvp'] as const)
      for (const failing of [1, 2, 3]) {
        const ad = counted()
        let calls = 0
        const controller = new AbortController()
        const objective = differentiable({
          ad,
          step: ({ x, v }: { x: Arr; v: Arr }, { spring }: Rates, force: Arr) => ({
            x: x.ref.add(v.ref),
            v: v.sub(x.mul(spring)).add(force),
          }),
          loss: ({ x, v }) => {
            v.dispose()
            return np.square(x).sum()
          },
          inputs(n) {
            if (++calls === 3 * failing) {
              if (failing === 2) controller.abort(new Error('enough'))
              else throw new Error('enough')
            }
            ad.live += 1
            return array(n)
          },
        })
        const call = { ...point, direction: { params: point.params }, signal: controller.signal }
        const running =
          run === 'jvp'
            ? objective.jvp({ ...call, steps: 12 })
            : objective.hessianVectorProduct({ ...call, schedule, stores })
        await expect(running).rejects.toThrow('enough')
        expect(ad.live).toBe(0)
        expect(Object.values({ ...point.initialState, ...point.params }).map((x) => x.refCount)).toEqual([
          1, 1, 1, 1,
        ])
      }
  })

  test('nothing is left after an error or an abort', async () => {
    const { initialState, params } = point()
    for (const failing of [1, 2, 3]) {
      const ad = counted()
      // What is compiled runs once only; inputs are made at each step.
      let calls = 0
      const controller = new AbortController()
      const objective = differentiable({
        ad,
        step: ({ x, v }: { x: Arr; v: Arr }, _p: Rates, force: Arr) => ({ x: x.add(v.ref), v: v.add(force) }),
        loss: ({ x }) => x.sum(),
        inputs(n) {
          if (++calls === 7 * failing) {
            if (failing === 2) controller.abort(new Error('enough'))
            else throw new Error('enough')
          }
          ad.live += 1
          return array(n)
        },
      })
      const call = { initialState, params, schedule, stores, signal: controller.signal }
      await expect(objective.valueAndGradient(call)).rejects.toThrow('enough')
      expect(ad.live).toBe(0)
      expect([initialState.x, initialState.v].map((x) => x.refCount)).toEqual([1, 1])
    }
  })

  test('a loss that is scaled by a number: jax-js alone gets its gradient wrong in float64', async () => {
    const objective = differentiable({
      ad: jaxjs(jax),
      step: (x: Arr) => x.mul(0.5),
      loss: (x) => x.sum().mul(0.5),
      stepLoss: (x) => x.mean().mul(0.25),
    })
    const { value, gradient } = await objective.valueAndGradient({
      initialState: array(1, 3),
      schedule,
      stores,
    })
    const halves = 1 - 2 ** -12
    expect(value).toBe(0.25 * 2 * halves + 0.5 * 4 * 2 ** -12)
    const slope = 0.125 * halves + 0.5 * 2 ** -12
    expect(Array.from(gradient.initialState.dataSync() as Float64Array)).toEqual([slope, slope])
  })

  test('an array that is used twice without .ref: the library says so, with the step', async () => {
    const objective = differentiable({ ad: jaxjs(jax), step: (x: Arr) => x.mul(x), loss: (x) => x.sum() })
    const running = objective.valueAndGradient({ initialState: array(1), schedule, stores })
    await expect(running).rejects.toThrow(/step failed at step 0: .*freed, please use \.ref/)
  })

  const gone = () => {
    const x = array(1)
    x.dispose()
    return x
  }
  test.each<[string, object, () => object, RegExp]>([
    [
      'by the user',
      {},
      () => ({ params: gone() }),
      /params cannot be used: it was used up before\. Take \.ref of it/,
    ],
    [
      'by isDone',
      { isDone: (x: Arr) => x.sum().dataSync()[0]! > 100 },
      () => ({}),
      /after isDone\(state, 1\), the state cannot be used: it was used up before/,
    ],
  ])('an array that was used up %s', async (_, definition, call, message) => {
    const objective = differentiable({
      ad: jaxjs(jax),
      step: (x: Arr) => x.add(x.ref),
      loss: (x: Arr) => x.sum(),
      ...definition,
    })
    const online = {
      schedule: twoLevel({ period: 4, binomialSnapshots: 1 }),
      stores,
      initialState: array(1),
      ...call(),
    }
    await expect(
      objective.valueAndGradient({ steps: 'isDone' in definition ? undefined : 3, ...online }),
    ).rejects.toThrow(message)
  })

  test('a step that returns nothing, and a loss that is a number', async () => {
    const start = { initialState: array(1), schedule, stores }
    const forgets = differentiable({
      ad: jaxjs(jax),
      step: ((_x: Arr) => {}) as never,
      loss: (x: Arr) => x.sum(),
    })
    await expect(forgets.valueAndGradient(start)).rejects.toThrow(
      'the state that step returns must be an array of jax-js, or a list or plain object of them; got undefined.',
    )
    const constant = differentiable({ ad: jaxjs(jax), step: (x: Arr) => x, loss: () => 3 as never })
    await expect(constant.valueAndGradient(start)).rejects.toThrow(
      'loss must return a scalar, an array of jax-js with shape []; got number.',
    )
  })

  // jax-js 0.1.25 cannot compute constants on cpu: "bufidx out of bounds".
  test('what is not used need not be disposed of', async () => {
    const ad = counted()
    const objective = differentiable({
      ad,
      step: (x: Arr, _p: Rates) => x.mul(array(2)),
      loss: (x) => x.sum(),
    })
    const { params } = point()
    const { value } = await objective.valueAndGradient({ initialState: array(1), params, schedule, stores })
    expect(value).toBe(2 ** 12)
    expect([params.spring, params.unused].map((x) => x.refCount)).toEqual([1, 1])
  })
})

describe('what is refused', () => {
  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /pass the module: jaxjs\(jax\)/],
    ['another module', { grad() {} }, /pass the module/],
    [
      'an old one',
      { ...jax, vjp: undefined },
      /too old, it has no vjp; install @jax-js\/jax 0\.1\.25 or newer/,
    ],
  ])('%s', (_what, module, message) => expect(() => jaxjs(module as typeof jax)).toThrow(message))

  test('a backend that does not work here', async () => {
    const webgpu = { ...jax, defaultDevice: (() => 'webgpu') as typeof jax.defaultDevice }
    await expect(jaxjs(webgpu).ready()).rejects.toThrow(
      /the backend webgpu does not work here. Choose another one/,
    )
  })
})
