/** Hessian-vector products and tangent runs by libraries, against hyper-dual numbers and models written by hand; the same bits everywhere. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { differentiable } from '@checkpoint-schedules/autodiff'
import { memoryStore, runAdjoint } from '@checkpoint-schedules/driver'
import { taylorTest } from '@checkpoint-schedules/gradient-checks'
import { burgers1d } from '@checkpoint-schedules/models'
import { multistage } from '@checkpoint-schedules/multistage'
import { rk4, secondOrder } from '@checkpoint-schedules/steps'
import { fileJournal, fileStore } from '@checkpoint-schedules/storage-fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  array,
  burgers,
  lorenz,
  lorenzPoint,
  lorenzStart,
  lorenzTruth,
  numbers,
  operationsOf,
  type Setting,
  settings,
  tf,
} from './support/autodiff.js'
import { families } from './support/families.js'
import { optionsOf } from './support/family-options.js'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
afterAll(() => rmSync(folder, { recursive: true }))

// Second derivatives of a chaotic system amplify what each step rounds.
const tolerance = ({ isDouble }: Setting) => (isDouble ? 1e-12 : 3e-5)
const along = { x: 0.3, y: -1, z: 2, sigma: 2, rho: -3, beta: 0.5 }
const across = { x: -0.8, y: 0.1, z: 3, sigma: 1, rho: 2, beta: -0.2 }
const names = ['x', 'y', 'z', 'sigma', 'rho', 'beta'] as const
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0)

/** The largest difference, relative to the largest number. */
function difference(a: readonly number[], b: ArrayLike<number>): number {
  const scale = Math.max(...Array.from(b, Math.abs))
  return Math.max(...a.map((x, i) => Math.abs(x - b[i]!))) / scale
}

/** The numbers of a tree of scalars by name, in the order of `names`; the arrays are released. */
async function listed(setting: Setting, { initialState, params }: { initialState: object; params: object }) {
  const all = { ...initialState, ...params } as Record<string, unknown>
  return Promise.all(names.map(async (name) => (await numbers(setting, all[name]))[0]!))
}

/** Value, gradient and product of the Lorenz system along a direction. */
async function lorenzProduct(
  setting: Setting,
  direction: typeof lorenzStart,
  call: object,
  at = lorenzStart,
) {
  const { initialState, params } = lorenzPoint(setting, direction)
  const result = await lorenz(setting).hessianVectorProduct({
    ...lorenzPoint(setting, at),
    direction: { initialState, params },
    ...call,
  })
  return {
    value: result.value,
    gradient: await listed(setting, result.gradient),
    product: await listed(setting, result.hessianVectorProduct),
  }
}

describe.each(settings)('$name', (setting) => {
  beforeAll(setting.use)
  const steps = 100
  const schedule = multistage({ steps, snapshotsInRam: 5 })

  test('Lorenz-63 with observations at each step, a loss and three parameters', async () => {
    const expected = lorenzTruth(along, steps)
    const got = await lorenzProduct(setting, along, { schedule })
    expect(Math.abs(got.value / expected.value - 1)).toBeLessThan(tolerance(setting))
    expect(difference(got.gradient, expected.gradient)).toBeLessThan(tolerance(setting))
    expect(difference(got.product, expected.product)).toBeLessThan(tolerance(setting))
    const other = await lorenzProduct(setting, across, { schedule })
    const list = (direction: typeof lorenzStart) => names.map((name) => direction[name])
    const [one, two] = [dot(got.product, list(across)), dot(other.product, list(along))]
    expect(Math.abs(one / two - 1)).toBeLessThan(tolerance(setting))
    const { initialState, params } = lorenzPoint(setting, along)
    const direction = { initialState, params }
    const tangent = await lorenz(setting).jvp({ ...lorenzPoint(setting), direction, steps })
    expect(Math.abs(tangent.value / expected.value - 1)).toBeLessThan(tolerance(setting))
    expect(Math.abs(tangent.derivative / expected.derivative - 1)).toBeLessThan(tolerance(setting))
    expect(Math.abs(dot(got.gradient, list(along)) / tangent.derivative - 1)).toBeLessThan(tolerance(setting))
  })

  test("Burgers' equation, against secondOrder of burgers1d", async () => {
    const viscosity = 0.02
    const points = 31
    const { model, initialState, terminalAdjoint } = burgers1d({ points, steps, viscosity })
    const gradientOf = terminalAdjoint as (u: Float64Array) => Float64Array
    const direction = initialState.map((_: number, i: number) => Math.sin(7 * i * i))
    const { adjoints } = await runAdjoint({
      schedule,
      model: secondOrder<Float64Array, Float64Array, Float64Array>(model),
      initialState: { u: initialState, t: direction },
      // The energy is quadratic: its Hessian times t is its gradient at t.
      terminalAdjoint: ({ u, t }) => ({ g: gradientOf(u), h: gradientOf(t) }),
    })
    const spacing = 1 / (points + 1)
    const time = (0.4 * spacing * spacing) / viscosity
    const result = await burgers(setting, points).hessianVectorProduct({
      initialState: array(setting, initialState),
      params: {
        a: array(setting, [time / (4 * spacing)]),
        b: array(setting, [(viscosity * time) / (spacing * spacing)]),
      },
      direction: { initialState: array(setting, direction) },
      schedule,
    })
    const { g, h } = adjoints[0]!
    expect(difference(await numbers(setting, result.gradient.initialState), g)).toBeLessThan(
      tolerance(setting),
    )
    expect(difference(await numbers(setting, result.hessianVectorProduct.initialState), h)).toBeLessThan(
      tolerance(setting),
    )
  })

  test('Runge-Kutta steps, against secondOrder of rk4', async () => {
    const [few, h] = [30, 0.01]
    const { add, sub, mul, scale } = operationsOf(setting)
    type Triple = readonly [any, any, any]
    const rhs = ([x, y, z]: Triple, [s, r, b]: Triple): Triple => [
      mul(s, sub(y, x)),
      sub(mul(x, sub(r, z)), y),
      sub(mul(x, y), mul(b, z)),
    ]
    const [half, sixth, two] = [h / 2, h / 6, 2].map((x) => array(setting, [x]))
    const moved = (u: Triple, by: any, k: Triple) =>
      u.map((x, i) => add(x, mul(by, k[i]))) as unknown as Triple
    const objective = differentiable({
      ad: setting.ad,
      step(u: Triple, p: Triple): Triple {
        const k1 = rhs(u, p)
        const k2 = rhs(moved(u, half, k1), p)
        const k3 = rhs(moved(u, half, k2), p)
        const k4 = rhs(moved(u, mul(half, two), k3), p)
        const slope = k1.map((k, i) => add(add(k, k4[i]), mul(two, add(k2[i], k3[i])))) as unknown as Triple
        return moved(u, sixth, slope)
      },
      loss: ([x, y, z]: Triple) => operationsOf(setting).sum(add(mul(mul(x, x), y), scale(z, 1))),
    })
    const at = { state: [1, 2, 20], params: [10, 28, 8 / 3] } as const
    const d = { state: [0.3, -1, 2], params: [2, -3, 0.5] } as const
    type Numbers = readonly [number, number, number]
    const { adjoints } = await runAdjoint({
      schedule: multistage({ steps: few, snapshotsInRam: 3 }),
      model: secondOrder(
        rk4({
          rhs: ([x, y, z]: Numbers, [s, r, b]: Numbers): Numbers => [
            s * (y - x),
            x * (r - z) - y,
            x * y - b * z,
          ],
          vjp: ([a, b, c]: Numbers, [x, y, z]: Numbers, [s, r, beta]: Numbers) => ({
            state: [-s * a + (r - z) * b + y * c, s * a - b + x * c, -x * b - beta * c] as Numbers,
            params: [(y - x) * a, x * b, -z * c] as Numbers,
          }),
          jvp: ({ state: t, params: p }, [x, y, z]: Numbers, [s, r, b]: Numbers): Numbers => [
            s * (t[1] - t[0]) + p[0] * (y - x),
            t[0] * (r - z) + x * (p[1] - t[2]) - t[1],
            t[0] * y + x * t[1] - p[2] * z - b * t[2],
          ],
          hvp: ({ state: t, params: p }, [a, b, c]: Numbers) => ({
            state: [
              -p[0] * a + (p[1] - t[2]) * b + t[1] * c,
              p[0] * a + t[0] * c,
              -t[0] * b - p[2] * c,
            ] as Numbers,
            params: [(t[1] - t[0]) * a, t[0] * b, -t[2] * c] as Numbers,
          }),
          params: at.params,
          timeStep: h,
        }),
      ),
      initialState: { u: at.state, t: d },
      terminalAdjoint({ u: [x, y], t: { state: t } }) {
        const params = (): Numbers => [0, 0, 0]
        return {
          g: { state: [2 * x * y, x * x, 1] as Numbers, params: params() },
          h: { state: [2 * (y * t[0] + x * t[1]), 2 * x * t[0], 0] as Numbers, params: params() },
        }
      },
    })
    const triple = (x: readonly number[]) => x.map((it) => array(setting, [it])) as unknown as Triple
    const { hessianVectorProduct } = await objective.hessianVectorProduct({
      initialState: triple(at.state),
      params: triple(at.params),
      direction: { initialState: triple(d.state), params: triple(d.params) },
      schedule: multistage({ steps: few, snapshotsInRam: 3 }),
    })
    const got: number[] = []
    for (const x of [...hessianVectorProduct.initialState, ...hessianVectorProduct.params])
      got.push((await numbers(setting, x))[0]!)
    const { state, params } = adjoints[0]!.h
    expect(difference(got, [...state, ...params])).toBeLessThan(tolerance(setting))
  })
})

test('the Taylor test passes in double precision, and its remainder falls with the cube', async () => {
  const setting = settings.find(({ name }) => name === 'jax-js wasm float64')!
  await setting.use()
  const schedule = multistage({ steps: 50, snapshotsInRam: 5 })
  const f = async (m: typeof lorenzStart) => {
    const { value, gradient, product } = await lorenzProduct(setting, along, { schedule }, m)
    const named = (list: number[]) => Object.fromEntries(names.map((name, i) => [name, list[i]!]))
    return { value, gradient: named(gradient), hessianVectorProduct: named(product) } as never
  }
  const { verdict, secondOrder: second } = await taylorTest<typeof lorenzStart>(f, lorenzStart, along)
  expect([verdict, second!.verdict]).toEqual(['passed', 'passed'])
})

describe('the same bits under every schedule, in memory, in files, and from a journal that was interrupted', () => {
  const steps = 24
  const schedules = families
    .filter(({ factory }) => factory.definition.adjoints !== 0)
    .flatMap(({ exportName, factory }) =>
      optionsOf(steps)[exportName]!.map(
        (options) => [`${exportName} ${JSON.stringify(options)}`, () => factory(options)] as const,
      ),
    )

  const libraries = settings.filter(({ name }) => name !== 'jax-js cpu float64')
  test.each(libraries)('$name', async (setting) => {
    await setting.use()
    const before = setting.name.startsWith('tfjs') ? tf.memory().numTensors : 0
    const objective = lorenz(setting)
    const { initialState, params } = lorenzPoint(setting, along)
    const call = { ...lorenzPoint(setting), direction: { initialState, params } }
    const bits = async ({
      value,
      gradient,
      hessianVectorProduct,
    }: Awaited<ReturnType<typeof objective.hessianVectorProduct>>) => [
      value,
      ...(await listed(setting, gradient)),
      ...(await listed(setting, hessianVectorProduct)),
    ]
    const plain = multistage({ steps, snapshotsInRam: 1 })
    const expected = await bits(await objective.hessianVectorProduct({ ...call, schedule: plain }))
    // Each library under every third schedule, and each schedule with a library or two.
    const third = libraries.indexOf(setting) % 3
    for (const [i, [name, make]] of schedules.entries()) {
      if (i % 3 !== third) continue
      const [inMemory, inFiles] = [memoryStore(), fileStore({ directory: folder })]
      // All in files, or only what the schedule wants on disk.
      const stores =
        i % 2 === 0 ? { RAM: inFiles, DISK: inFiles, GPU: inFiles } : { DISK: inFiles, GPU: inMemory }
      const result = await objective.hessianVectorProduct({ ...call, steps, schedule: make(), stores })
      expect(await bits(result), name).toEqual(expected)
    }
    expect(readdirSync(folder)).toEqual([])
    // Interrupted in the forward, and in the reverse; and a tangent run.
    const directory = join(folder, 'run')
    const tangent = await objective.jvp({ ...call, steps })
    for (const until of [10, 45, 12]) {
      const controller = new AbortController()
      let inputs = 0
      const stopping = lorenz(setting, () => {
        if (++inputs === until) controller.abort(new Error('stopped'))
      })
      const events: string[] = []
      const journal = fileJournal(directory, { everySteps: 3 })
      const onEvent = ({ type }: { type: string }) => void events.push(type)
      const { signal } = controller
      if (until === 12) {
        await expect(stopping.jvp({ ...call, steps, journal, signal })).rejects.toThrow('stopped')
        const { value, derivative } = await objective.jvp({ ...call, steps, journal, onEvent })
        expect([value, derivative]).toEqual([tangent.value, tangent.derivative])
      } else {
        const journaled = { ...call, schedule: multistage({ steps, snapshotsInRam: 3 }), journal }
        await expect(stopping.hessianVectorProduct({ ...journaled, signal })).rejects.toThrow('stopped')
        // Neither along another direction, nor as a gradient.
        if (until === 10) {
          const { initialState: unused, params } = lorenzPoint(setting, across)
          const other = { ...call.direction, params }
          for (const run of [
            () => objective.hessianVectorProduct({ ...journaled, direction: other }),
            () => objective.valueAndGradient(journaled),
          ])
            await expect(run()).rejects.toMatchObject({ code: 'JOURNAL_MISMATCH' })
          for (const x of Object.values({ ...unused, ...params })) setting.ad.release(x)
        }
        expect(await bits(await objective.hessianVectorProduct({ ...journaled, onEvent }))).toEqual(expected)
      }
      expect(events).toContain('resumed')
    }
    expect(readdirSync(folder)).toEqual([])
    // The constants of the objectives, the point, and the direction.
    if (before > 0) expect(tf.memory().numTensors).toBe(before + 2 * 4 + 2 * 6)
  })
})
