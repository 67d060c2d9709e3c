/** Gradients by libraries, against adjoints written by hand: the same numbers; the same bits under every schedule and in every store. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryStore, runAdjoint } from '@checkpoint-schedules/driver'
import { dotProductTest, taylorTest } from '@checkpoint-schedules/gradient-checks'
import { burgers1d } from '@checkpoint-schedules/models'
import { multistage } from '@checkpoint-schedules/multistage'
import { fileJournal, fileStore } from '@checkpoint-schedules/storage-fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  array,
  burgers,
  lorenz,
  lorenzByHand,
  lorenzPoint,
  lorenzStart,
  numbers,
  type Setting,
  settings,
  tf,
} from './support/autodiff.js'
import { families } from './support/families.js'
import { optionsOf } from './support/family-options.js'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const tolerance = ({ isDouble }: Setting) => (isDouble ? 1e-12 : 1e-5)

/** The largest difference, relative to the largest number. */
function difference(a: readonly number[], b: ArrayLike<number>): number {
  const scale = Math.max(...Array.from(b, Math.abs))
  return Math.max(...a.map((x, i) => Math.abs(x - b[i]!))) / scale
}

/** Value and gradient of a run as numbers, by name. */
async function asNumbers(
  setting: Setting,
  { value, gradient }: { value: number; gradient: { initialState: object; params: object } },
): Promise<Record<string, number>> {
  const all: Record<string, number> = { value }
  for (const [name, x] of Object.entries({ ...gradient.initialState, ...gradient.params }))
    all[name] = (await numbers(setting, x))[0]!
  return all
}

describe.each(settings)('$name', (setting) => {
  beforeAll(setting.use)

  test("Burgers' equation, against the adjoint of burgers1d", async () => {
    const [points, steps, viscosity] = [63, 200, 0.02]
    const given = burgers1d({ points, steps, viscosity })
    const schedule = multistage({ steps, snapshotsInRam: 10 })
    const byHand = await runAdjoint({ ...given, schedule })
    const spacing = 1 / (points + 1)
    const time = (0.4 * spacing * spacing) / viscosity
    const one = (x: number) => array(setting, [x])
    const { value, gradient } = await burgers(setting, points).valueAndGradient({
      initialState: array(setting, given.initialState),
      params: { a: one(time / (4 * spacing)), b: one((viscosity * time) / (spacing * spacing)) },
      schedule,
    })
    const expected = await given.objective(byHand.finalState)
    expect(Math.abs(value / expected - 1)).toBeLessThan(tolerance(setting))
    const u = await numbers(setting, gradient.initialState)
    expect(difference(u, byHand.adjoints[0]!)).toBeLessThan(tolerance(setting))
  })

  test('Lorenz-63 with observations at each step, three parameters, and the gradient by the observations', async () => {
    const steps = 100
    const { value, gradient, byData } = lorenzByHand(steps)
    const seen: { x: number[]; z: number[] } = { x: [], z: [] }
    const result = await lorenz(setting).valueAndGradient({
      ...lorenzPoint(setting),
      schedule: multistage({ steps, snapshotsInRam: 5 }),
      async onInputGradient(data, n) {
        for (const name of ['x', 'z'] as const)
          seen[name][n] = Number((await setting.ad.read(data[name])).data[0])
      },
    })
    const got = await asNumbers(setting, result)
    expect(Math.abs(got['value']! / value - 1)).toBeLessThan(tolerance(setting))
    const names = ['x', 'y', 'z', 'sigma', 'rho', 'beta'] as const
    const expected = names.map((name) => gradient[name])
    expect(
      difference(
        names.map((name) => got[name]!),
        expected,
      ),
    ).toBeLessThan(tolerance(setting))
    for (const name of ['x', 'z'] as const)
      expect(
        difference(
          seen[name],
          byData.map((it) => it[name]),
        ),
      ).toBeLessThan(tolerance(setting))
  })

  test('the dot-product test: the tangent and the adjoint of the model are transposed', async () => {
    const objective = lorenz(setting)
    const { model, initialState } = objective.problem(lorenzPoint(setting))
    const vector = (k: number) => {
      const [x, y, z, sigma, rho, beta] = Array.from({ length: 6 }, (_, i) => Math.sin(k + i))
      const { initialState: state, params } = lorenzPoint(setting, {
        x: x!,
        y: y!,
        z: z!,
        sigma: sigma!,
        rho: rho!,
        beta: beta!,
      })
      return objective.adjoint({ state, params })
    }
    const { verdict } = await dotProductTest(model, {
      state: initialState,
      direction: vector(1),
      adjoint: vector(7),
      steps: 5,
      innerProduct: (a, b) => objective.innerProduct(a, b),
      tolerance: setting.isDouble ? 1e-11 : 1e-4,
    })
    expect(verdict).toBe('passed')
  })
})

test('the Taylor test passes in double precision', async () => {
  const setting = settings.find(({ name }) => name === 'jax-js wasm float64')!
  await setting.use()
  const objective = lorenz(setting)
  const schedule = multistage({ steps: 50, snapshotsInRam: 5 })
  const f = async (m: Record<string, number>) => {
    const result = await objective.valueAndGradient({
      ...lorenzPoint(setting, m as typeof lorenzStart),
      schedule,
    })
    const { value, ...gradient } = await asNumbers(setting, result)
    return { value: value!, gradient }
  }
  const direction = { x: 1, y: -1, z: 3, sigma: 1, rho: 2, beta: 0.3 }
  expect((await taylorTest<Record<string, number>>(f, lorenzStart, direction)).verdict).toBe('passed')
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

  test.each(settings.filter(({ name }) => name !== 'jax-js cpu float64'))('$name', async (setting) => {
    await setting.use()
    const objective = lorenz(setting)
    const point = lorenzPoint(setting)
    const plain = await objective.valueAndGradient({
      ...point,
      steps,
      schedule: multistage({ steps, snapshotsInRam: 1 }),
    })
    const expected = await asNumbers(setting, plain)
    for (const [i, [name, make]] of schedules.entries()) {
      const [inMemory, inFiles] = [memoryStore(), fileStore({ directory: folder })]
      // All in files, or only what the schedule wants on disk.
      const stores =
        i % 2 === 0 ? { RAM: inFiles, DISK: inFiles, GPU: inFiles } : { DISK: inFiles, GPU: inMemory }
      const result = await objective.valueAndGradient({ ...point, steps, schedule: make(), stores })
      expect(await asNumbers(setting, result), name).toEqual(expected)
    }
    expect(readdirSync(folder)).toEqual([])
    // Interrupted in the forward, and in the reverse.
    const directory = join(folder, 'run')
    for (const until of [10, 45]) {
      const controller = new AbortController()
      let inputs = 0
      const call = {
        ...point,
        schedule: multistage({ steps, snapshotsInRam: 3 }),
        journal: fileJournal(directory, { everySteps: 3 }),
      }
      const stopping = lorenz(setting, () => {
        if (++inputs === until) controller.abort(new Error('stopped'))
      })
      const stopped = stopping.valueAndGradient({ ...call, signal: controller.signal })
      await expect(stopped).rejects.toThrow('stopped')
      const events: string[] = []
      const onEvent = ({ type }: { type: string }) => void events.push(type)
      const resumed = await objective.valueAndGradient({ ...call, onEvent })
      expect(await asNumbers(setting, resumed)).toEqual(expected)
      expect(events).toContain('resumed')
    }
    expect(readdirSync(folder)).toEqual([])
  })
})

test('a journal with other parameters, or another step, is refused', async () => {
  const setting = settings[0]!
  await setting.use()
  const directory = join(folder, 'other')
  const controller = new AbortController()
  const call = {
    steps: 24,
    schedule: multistage({ steps: 24, snapshotsInRam: 3 }),
    journal: fileJournal(directory, { everySteps: 3 }),
  }
  const objective = lorenz(setting)
  let seen = 0
  const running = objective.valueAndGradient({
    ...lorenzPoint(setting),
    ...call,
    signal: controller.signal,
    onInputGradient: () => void (++seen === 8 && controller.abort(new Error('stopped'))),
  })
  await expect(running).rejects.toThrow('stopped')
  const { initialState } = lorenzPoint(setting)
  const { params } = lorenzPoint(setting, { ...lorenzStart, rho: 27 })
  await expect(objective.valueAndGradient({ initialState, params, ...call })).rejects.toMatchObject({
    code: 'JOURNAL_MISMATCH',
  })
  const { value } = await objective.valueAndGradient({ ...lorenzPoint(setting), ...call })
  expect(value).toBeGreaterThan(0)
})

test('a journal with another value from outside of the functions is refused', async () => {
  const setting = settings.find(({ name }) => name === 'jax-js wasm float64')!
  await setting.use()
  const { differentiable } = await import('@checkpoint-schedules/autodiff')
  const call = {
    schedule: multistage({ steps: 40, snapshotsInRam: 3 }),
    journal: fileJournal(join(folder, 'outside'), { everySteps: 3 }),
  }
  const growth = async (rate: number, signal?: AbortSignal, inputs = (_n: number): void => {}) => {
    const outside = array(setting, [rate])
    const objective = differentiable({
      ad: setting.ad,
      step: (x: any, _params: readonly [], one: any) => x.mul(outside.ref).mul(one),
      loss: (x) => x.sum(),
      inputs(n) {
        inputs(n)
        return array(setting, [1])
      },
    })
    return objective.valueAndGradient({ initialState: array(setting, [1]), ...call, signal })
  }
  const controller = new AbortController()
  const stop = (n: number) => void (n === 20 && controller.abort(new Error('stopped')))
  await expect(growth(1.1, controller.signal, stop)).rejects.toThrow('stopped')
  await expect(growth(1.2)).rejects.toThrow(/first step \w+" and is "\w+.*first step \w+"/)
  expect((await growth(1.1)).value).toBeCloseTo(1.1 ** 40, 5)
})

test(
  '10,000 steps in less than 64 MB of tensors, where all states take 400 MB',
  { timeout: 300_000 },
  async () => {
    const setting = settings.find(({ name }) => name === 'tfjs wasm')!
    await setting.use()
    const { differentiable } = await import('@checkpoint-schedules/autodiff')
    let peak = 0
    const before = tf.memory()
    const objective = differentiable({
      ad: setting.ad,
      step(u: any, rate: any) {
        peak = Math.max(peak, tf.memory().numBytes - before.numBytes)
        return tf.sub(u, tf.mul(rate, tf.square(u)))
      },
      loss: (u) => tf.mean(u),
    })
    const initialState = array(setting, new Float32Array(10_000).fill(1))
    const params = array(setting, [1e-3])
    const { gradient, statistics } = await objective.valueAndGradient({
      initialState,
      params,
      steps: 10_000,
      budget: '60MB',
      families: { multistage },
    })
    expect(statistics.steps).toBe(10_000)
    expect(peak).toBeLessThan(64e6)
    expect(peak).toBeGreaterThan(40e6)
    // u' = u - r u², from 1: by differences.
    const f = (rate: number) => {
      let u = 1
      for (let n = 0; n < 10_000; n++) u -= rate * u * u
      return u
    }
    const slope = (f(1e-3 + 1e-8) - f(1e-3 - 1e-8)) / 2e-8
    expect((await numbers(setting, gradient.params))[0]! / slope).toBeCloseTo(1, 3)
    for (const x of [gradient.initialState, initialState, params]) setting.ad.release(x)
    expect(tf.memory().numTensors).toBe(before.numTensors)
  },
)
