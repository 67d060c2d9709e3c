/** Ready steps under schedules: right gradients and Hessian-vector products, bit-for-bit identical in memory and on disk. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { singleDisk, singleMemory } from '@checkpoint-schedules/basic'
import type { Schedule } from '@checkpoint-schedules/core'
import { memoryStore, type Model, runAdjoint } from '@checkpoint-schedules/driver'
import { innerProduct, taylorTest } from '@checkpoint-schedules/gradient-checks'
import { mixed } from '@checkpoint-schedules/mixed'
import { burgers1d } from '@checkpoint-schedules/models'
import { multistage } from '@checkpoint-schedules/multistage'
import { online } from '@checkpoint-schedules/online'
import { hRevolve, revolve } from '@checkpoint-schedules/revolve'
import {
  bogackiShampine,
  heun,
  rk4,
  secondOrder,
  type StateAndParams,
  stepVjp,
} from '@checkpoint-schedules/steps'
import { fileJournal, fileStore } from '@checkpoint-schedules/storage-fs'
import { describe, expect, test } from 'vitest'

type Triple = readonly [number, number, number]
type Vector = StateAndParams<Triple, Triple>
const zeros = (): Triple => [0, 0, 0]

// Lorenz's equations, with the derivatives by state and parameters.
const lorenz = {
  rhs: ([x, y, z]: Triple, [sigma, rho, beta]: Triple): Triple => [
    sigma * (y - x),
    x * (rho - z) - y,
    x * y - beta * z,
  ],
  vjp: ([a, b, c]: Triple, [x, y, z]: Triple, [sigma, rho, beta]: Triple): Vector => ({
    state: [-sigma * a + (rho - z) * b + y * c, sigma * a - b + x * c, -x * b - beta * c],
    params: [(y - x) * a, x * b, -z * c],
  }),
  jvp: ({ state: d, params: p }: Vector, [x, y, z]: Triple, [sigma, rho, beta]: Triple): Triple => [
    sigma * (d[1] - d[0]) + p[0] * (y - x),
    d[0] * (rho - z) + x * (p[1] - d[2]) - d[1],
    d[0] * y + x * d[1] - p[2] * z - beta * d[2],
  ],
  hvp: ({ state: d, params: p }: Vector, [a, b, c]: Triple): Vector => ({
    state: [-p[0] * a + (p[1] - d[2]) * b + d[1] * c, p[0] * a + d[0] * c, -d[0] * b - p[2] * c],
    params: [(d[1] - d[0]) * a, d[0] * b, -d[2] * c],
  }),
}

const steps = 60
const at: Vector = { state: [1, 2, 20], params: [10, 28, 8 / 3] }
const timeStep = 0.01
const models = {
  rk4: ({ params }: Vector) => rk4({ ...lorenz, params, timeStep }),
  heun: ({ params }: Vector) => heun({ ...lorenz, params, timeStep }),
  stepVjp: ({ params }: Vector) =>
    stepVjp(
      (u: Triple, p: Triple, h: number) => {
        const slope = lorenz.rhs(u, p)
        return {
          state: u.map((it, i) => it + h * slope[i]!) as unknown as Triple,
          pullback(w: Triple) {
            const { state, params } = lorenz.vjp(w, u, p)
            return {
              state: w.map((it, i) => it + h * state[i]!) as unknown as Triple,
              params: params.map((it) => h * it) as unknown as Triple,
            }
          },
        }
      },
      { params, inputs: (n) => timeStep / (1 + n / 100) },
    ),
}

/** The objective is x² y + z at the end. */
const objective = ([x, y, z]: Triple) => x * x * y + z
const terminalAdjoint = ([x, y]: Triple): Vector => ({ state: [2 * x * y, x * x, 1], params: zeros() })

async function withSchedule(
  make: (m: Vector) => Model<Triple, Triple, Vector>,
  m: Vector,
  schedule: Schedule = revolve({ steps, snapshotsInRam: 5 }),
  stores = {},
) {
  const { finalState, adjoints } = await runAdjoint({
    schedule,
    model: make(m),
    initialState: m.state,
    terminalAdjoint,
    steps,
    stores,
  })
  return { value: objective(finalState), gradient: adjoints[0]! }
}

const schedules: [string, Schedule][] = [
  ['singleMemory', singleMemory()],
  ['singleDisk', singleDisk()],
  ['multistage', multistage({ steps, snapshotsInRam: 3, snapshotsOnDisk: 3 })],
  ['hRevolve', hRevolve({ steps, snapshotsInRam: 2, snapshotsOnDisk: 4 })],
  ['mixed', mixed({ steps, snapshots: 6 })],
  ['online', online({ snapshots: 4 })],
]

describe.each(Object.entries(models))('%s', (_, make) => {
  test('the gradient by state and parameters is right', async () => {
    const direction = { state: [0.3, -1, 5] as Triple, params: [2, -3, 0.5] as Triple }
    const { verdict } = await taylorTest((m: Vector) => withSchedule(make, m), at, direction)
    expect(verdict).toBe('passed')
  })

  test.each(schedules)('bit-for-bit identical under %s, in memory and on disk', async (_name, schedule) => {
    const expected = await withSchedule(make, at)
    const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
    try {
      for (const DISK of [memoryStore(), fileStore({ directory: join(folder, 'run') })])
        expect(await withSchedule(make, at, schedule, { DISK })).toStrictEqual(expected)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('second order', () => {
  const product = async (
    m: Vector,
    direction: Vector,
    schedule: Schedule = revolve({ steps, snapshotsInRam: 5 }),
  ) => {
    const { finalState, adjoints } = await runAdjoint({
      schedule,
      model: secondOrder(models.rk4(m)),
      initialState: { u: m.state, t: direction },
      terminalAdjoint({ u, t }) {
        const { state: d } = t
        const h: Vector = {
          state: [2 * (u[1] * d[0] + u[0] * d[1]), 2 * u[0] * d[0], 0],
          params: zeros(),
        }
        return { g: terminalAdjoint(u), h }
      },
      steps,
      stores: { DISK: memoryStore() },
    })
    const { g, h } = adjoints[0]!
    return { value: objective(finalState.u), gradient: g, hessianVectorProduct: h }
  }
  const d = { state: [0.3, -1, 2] as Triple, params: [2, -3, 0.5] as Triple }
  const e = { state: [-0.8, 0.1, 3] as Triple, params: [1, 2, -0.2] as Triple }

  test('the value and the gradient are those of the first order, to the last bit', async () => {
    const { value, gradient } = await product(at, d)
    expect({ value, gradient }).toStrictEqual(await withSchedule(models.rk4, at))
  })

  test('the Taylor test passes, and its remainder falls with the cube', async () => {
    const { verdict, secondOrder } = await taylorTest<Vector>((m) => product(m, d), at, d)
    expect(verdict).toBe('passed')
    expect(secondOrder!.rate).toBeCloseTo(3, 0)
  })

  test('Hessian-vector products are the central differences of the gradient', async () => {
    const { hessianVectorProduct: got } = await product(at, d)
    const gradient = async (h: number) => {
      const move = (a: Triple, by: Triple) => a.map((it, i) => it + h * by[i]!) as unknown as Triple
      const there = { state: move(at.state, d.state), params: move(at.params, d.params) }
      const { state, params } = (await withSchedule(models.rk4, there)).gradient
      return [...state, ...params]
    }
    const central = async (h: number) => {
      const [plus, minus] = [await gradient(h), await gradient(-h)]
      return plus.map((it, i) => (it - minus[i]!) / (2 * h))
    }
    const [fine, coarse] = [await central(5e-5), await central(1e-4)]
    const size = Math.max(...fine.map(Math.abs))
    for (const [i, it] of [...got.state, ...got.params].entries())
      expect(Math.abs(it - (4 * fine[i]! - coarse[i]!) / 3) / size).toBeLessThan(1e-9)
  })

  test('the Hessian is symmetric', async () => {
    const [ofD, ofE] = [await product(at, d), await product(at, e)]
    const [left, right] = [
      innerProduct(ofD.hessianVectorProduct, e),
      innerProduct(ofE.hessianVectorProduct, d),
    ]
    expect(Math.abs(left / right - 1)).toBeLessThan(1e-12)
  })

  test.each(schedules)('bit-for-bit identical under %s', async (_name, schedule) => {
    expect(await product(at, d, schedule)).toStrictEqual(await product(at, d))
  })

  test('of a model that is written by hand, in place, with a journal', async () => {
    const { model, initialState, ...problem } = burgers1d({ points: 63, steps: 80 })
    const gradientOf = problem.terminalAdjoint as (u: Float64Array) => Float64Array
    const direction = initialState.map((_: number, i: number) => Math.sin(7 * i * i))
    const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
    const energy = async (u: Float64Array) => {
      const { finalState, adjoints } = await runAdjoint({
        schedule: multistage({ steps: 80, snapshotsInRam: 4 }),
        model: secondOrder<Float64Array, Float64Array, Float64Array>(model),
        initialState: { u: u.slice(), t: direction.slice() },
        // The energy is quadratic: its Hessian times t is its gradient at t.
        terminalAdjoint: ({ u, t }) => ({ g: gradientOf(u), h: gradientOf(t) }),
        journal: fileJournal(join(folder, 'run')),
      })
      const { g, h } = adjoints[0]!
      return { value: await problem.objective(finalState.u), gradient: g, hessianVectorProduct: h }
    }
    try {
      const { verdict, secondOrder } = await taylorTest<Float64Array>(energy, initialState, direction)
      expect([verdict, secondOrder!.verdict]).toEqual(['passed', 'passed'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('of a pair that chooses its step size', async () => {
    const value = async (m: Vector) => {
      const { finalState, adjoints } = await runAdjoint({
        schedule: online({ snapshots: 6 }),
        model: secondOrder(
          bogackiShampine({
            ...lorenz,
            params: m.params,
            until: 0.4,
            absoluteTolerance: 1e-4,
            relativeTolerance: 1e-4,
          }),
        ),
        initialState: { u: { u: m.state, time: 0, size: 2 ** -7 }, t: d },
        terminalAdjoint: {
          g: { state: [1, 1, 1] as Triple, params: zeros() },
          h: { state: zeros(), params: zeros() },
        },
      })
      const { g, h } = adjoints[0]!
      const [x, y, z] = finalState.u.u
      return { value: x + y + z, gradient: g, hessianVectorProduct: h }
    }
    const { verdict } = await taylorTest<Vector>(value, at, d, { h: 5e-3 })
    expect(verdict).toBe('passed')
  })
})

test('codecs of a model are those of the parts of its second order', async () => {
  const copies: string[] = []
  const codec = (name: string) => ({
    clone: (value: number) => (copies.push(name), value),
    byteLength: () => 8,
    encode: (value: number) => new Uint8Array(Float64Array.of(value).buffer),
    decode: (bytes: Uint8Array) => new Float64Array(bytes.slice().buffer)[0]!,
  })
  const model = secondOrder({
    step: (x: number) => x * x,
    tape: (x: number) => ({ state: x * x, tape: x }),
    tangent: (d: number, x: number) => 2 * x * d,
    adjoint: (a: number, x: number) => 2 * x * a,
    curvature: (second: number, a: number, d: number, x: number) => 2 * x * second + 2 * d * a,
    codecs: { state: codec('state'), tape: codec('tape'), adjoint: codec('adjoint') },
    fingerprint: 'squares',
  })
  expect(model.fingerprint).toBe('second order of squares')
  const { state, tape } = model.codecs!
  expect(state!.byteLength({ u: 1, t: 2 })).toBe(16)
  expect(await state!.decode(await state!.encode({ u: 1.5, t: -2 }))).toEqual({ u: 1.5, t: -2 })
  expect(await tape!.clone({ tape: 1, t: 2 })).toEqual({ tape: 1, t: 2 })
  expect(copies).toEqual(['tape', 'adjoint'])
  await expect((async () => state!.decode(new Uint8Array(9).fill(255)))()).rejects.toThrow(
    /not those of a pair/,
  )
  const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
  const { adjoints } = await runAdjoint({
    schedule: singleDisk(),
    model,
    initialState: { u: 1, t: 1 },
    terminalAdjoint: { g: 1, h: 0 },
    steps: 3,
    stores: { DISK: fileStore({ directory: join(folder, 'run') }) },
  })
  rmSync(folder, { recursive: true })
  expect(adjoints[0]).toEqual({ g: 8, h: 56 })
})
