/** Budgets in bytes on real models: what a run holds, and what happens where a state or a tape is larger than planned. */
import { singleMemory } from '@checkpoint-schedules/basic'
import {
  type Codec,
  memoryStore,
  type Model,
  runAdjoint,
  type Store,
  treeCodec,
} from '@checkpoint-schedules/driver'
import { taylorTest } from '@checkpoint-schedules/gradient-checks'
import { heterogeneous } from '@checkpoint-schedules/heterogeneous'
import { burgers1d, wave2d } from '@checkpoint-schedules/models'
import { planSchedule } from '@checkpoint-schedules/planner'
import { mixed } from '@checkpoint-schedules/mixed'
import { simulate } from '@checkpoint-schedules/simulator'
import { describe, expect, test } from 'vitest'
// @ts-expect-error -- an example in plain JavaScript
import { network } from '../../examples/layers/network.mjs'
// @ts-expect-error -- an example in plain JavaScript
import { allenCahn } from '../../examples/refined/allen-cahn.mjs'

interface Example {
  readonly steps: number
  readonly model: Model<unknown, unknown, unknown>
  readonly initialState: unknown
  readonly terminalAdjoint: unknown
}
interface Chain {
  readonly forwardCost: (n: number) => number
  readonly adjointCost: (n: number) => number
  readonly stateBytes: (n: number) => number
  readonly tapeBytes: (n: number) => number
}
type Unequal = Example & { readonly chain: Chain }

/** The sizes of every state, tape and adjoint, measured on a run that stores everything. */
async function sizesOf({ steps, model, initialState, terminalAdjoint }: Example) {
  const state: number[] = []
  const tape: number[] = []
  const standing: number[] = []
  const watching: Model<unknown, unknown, unknown> = {
    ...model,
    step: (it, n) => model.step(it, n),
    async tape(it, n) {
      state[n] = treeCodec.byteLength(it)
      const result = await model.tape(it, n)
      tape[n] = treeCodec.byteLength(result.tape)
      state[n + 1] = treeCodec.byteLength(result.state)
      return result
    },
    async adjoint(it, its, n) {
      standing[n + 1] = treeCodec.byteLength(it)
      const result = await model.adjoint(it, its, n)
      standing[n] = treeCodec.byteLength(result)
      return result
    },
  }
  const { adjoints, finalState } = await runAdjoint<unknown, unknown, unknown>({
    schedule: singleMemory(),
    model: watching,
    initialState,
    terminalAdjoint,
    steps,
  })
  return { state, tape, standing, expected: { adjoints, finalState } }
}

const examples: [string, () => Example][] = [
  ['burgers1d', () => ({ ...(burgers1d() as unknown as Example), steps: 60 })],
  ['wave2d', () => ({ ...(wave2d() as unknown as Example), steps: 60 })],
  ['a refined mesh', () => allenCahn({ steps: 60, cells: 100 }) as Example],
  ['unequal layers', () => network({ batch: 4 }) as Example],
]

describe.each(examples)('with working bytes, everything that %s holds', (_, make) => {
  test.each([0.2, 0.4, 0.7])('is within the budget, %f of what storing everything takes', async (share) => {
    const example = make()
    const { steps, model, initialState, terminalAdjoint } = example
    const { state, tape, standing, expected } = await sizesOf(example)
    const forward = tape.map((_bytes, n) => state[n]! + state[n + 1]!)
    const working = {
      forward,
      tape: forward.map((bytes, n) => bytes + tape[n]!),
      adjoint: tape.map((bytes, n) => bytes + standing[n]! + standing[n + 1]!),
      standing,
    }
    const all = tape.reduce((sum, bytes) => sum + bytes, 0)
    const most = (bytes: number[]) => bytes.reduce((x, y) => Math.max(x, y), 0)
    const least = most(working.tape) + 2 * most(standing) + 2 * most(state)
    const budget = Math.ceil(least + share * all)
    // The driver keeps the final state.
    const ramBytes = budget - state[steps]!
    const schedule = heterogeneous({
      steps,
      forwardCost: 1,
      adjointCost: 1,
      stateBytes: state.slice(0, steps),
      tapeBytes: tape,
      ramBytes,
      working,
    })
    expect(schedule.manifest.bytes).toEqual({ limits: { RAM: ramBytes }, includes: 'working storage' })
    const planned = simulate(schedule).peakBytes!['RAM']!
    const { adjoints, finalState, statistics } = await runAdjoint<unknown, unknown, unknown>({
      schedule,
      model,
      initialState,
      terminalAdjoint,
      steps,
    })
    expect({ adjoints, finalState }).toStrictEqual(expected)
    expect(statistics.forwardSteps).toBe(schedule.optimum()!.forwardSteps)
    expect(statistics.peakLiveBytes).toBeLessThanOrEqual(budget)
    expect(statistics.peakLiveBytes).toBeLessThanOrEqual(planned + state[steps]!)
    // The working bytes are safe values, not much more than the driver takes.
    expect(statistics.peakLiveBytes).toBeGreaterThan(0.95 * planned)
  })
})

describe('a value that is larger than planned', () => {
  const STEPS = 12

  /** From step 6 on, states or tapes have more bytes. Counts values that are alive. */
  function growing(kind: 'state' | 'tape' | 'nothing') {
    const alive = new Set<unknown>()
    const codec: Codec<Float64Array> = {
      ...(treeCodec as Codec<Float64Array>),
      clone: (it) => made(Float64Array.from(it)),
      dispose: (it) => void alive.delete(it),
    }
    const made = (it: Float64Array) => {
      alive.add(it)
      return it
    }
    const length = (n: number, it: typeof kind) => (kind === it && n >= 6 ? 12 : 10)
    const next = (it: Float64Array, n: number) => {
      alive.delete(it)
      return made(new Float64Array(length(n + 1, 'state')).fill(n))
    }
    const model: Model<Float64Array, Float64Array, Float64Array> = {
      step: next,
      tape(it, n) {
        const tape = made(new Float64Array(length(n, 'tape')))
        return { tape, state: next(it, n) }
      },
      adjoint(it) {
        alive.delete(it)
        return made(new Float64Array(10))
      },
      codecs: { state: codec, tape: codec, adjoint: codec },
    }
    return { model, alive }
  }

  /** A store that tells what it is given. */
  function watched(puts: number[]): Store {
    const store = memoryStore()
    return {
      ...store,
      async open(settings) {
        const opened = await store.open(settings)
        const put = opened.put.bind(opened)
        return Object.assign(opened, {
          put(key: Parameters<typeof put>[0], value: unknown) {
            puts.push((value as Float64Array).byteLength)
            return put(key, value)
          },
        })
      },
    }
  }

  const equal = { steps: STEPS, forwardCost: 1, adjointCost: 1, stateBytes: 80, tapeBytes: 80 }
  const cases = [
    ['state', 'RAM', { ...equal, tapeBytes: 10_000, ramBytes: 400 }],
    ['tape', 'RAM', { ...equal, ramBytes: 80 * STEPS }],
    ['state', 'DISK', { ...equal, tapeBytes: 10_000, ramBytes: 0, disk: { bytes: 9000 } }],
    ['tape', 'DISK', { ...equal, stateBytes: 10_000, ramBytes: 0, disk: { bytes: 9000 } }],
  ] as const

  test.each(cases)('is an error: a %s in %s', async (kind, storage, options) => {
    const schedule = heterogeneous(options)
    const run = (grows: typeof kind | 'nothing') => {
      const puts: number[] = []
      const { model, alive } = growing(grows)
      const stores = { RAM: memoryStore(), [storage]: watched(puts) }
      const initialState = new Float64Array(10)
      return {
        puts,
        alive,
        done: runAdjoint({ schedule, model, stores, initialState, terminalAdjoint: initialState }),
      }
    }
    await run('nothing').done
    const { puts, alive, done } = run(kind)
    const error = await done.then(
      () => undefined,
      (thrown: unknown) => thrown as { code: string; message: string; details: { step: number } },
    )
    expect(error).toMatchObject({
      code: 'LARGER_THAN_PLANNED',
      details: { kind, storage, bytes: 96, planned: 80 },
    })
    const { step } = error!.details
    expect(step).toBeGreaterThanOrEqual(6)
    expect(error!.message).toBe(
      `the ${kind} of step ${step} takes 96 bytes, and the schedule was planned for 80: in ${storage} it could exceed the budget. ` +
        `Plan with ${kind}Bytes of at least 96 for that step.`,
    )
    // It was not stored, and nothing is left.
    expect(puts.length).toBeGreaterThan(0)
    expect(puts.every((bytes) => bytes <= 80)).toBe(true)
    expect([...alive]).toEqual([])
  })

  test('is none if it is smaller, or never stored', async () => {
    const { model, alive } = growing('state')
    const initialState = new Float64Array(10)
    const { finalState, adjoints } = await runAdjoint({
      schedule: heterogeneous({ ...equal, stateBytes: 96, tapeBytes: 96, ramBytes: 500 }),
      model,
      initialState,
      terminalAdjoint: initialState,
    })
    expect(alive).toEqual(new Set([finalState, ...adjoints]))
  })
})

describe('the examples of unequal steps', () => {
  const run = async ({ steps, model, initialState, terminalAdjoint, chain }: Unequal, ramBytes: number) =>
    runAdjoint<unknown, unknown, unknown>({
      schedule: heterogeneous({ steps, ...chain, ramBytes }),
      model,
      initialState,
      terminalAdjoint,
    })

  test.each([
    ['refined', allenCahn({ steps: 90, cells: 20 }) as Unequal, [1000, 3000, 8000]],
    ['layers', network({ batch: 2 }) as Unequal, [9000, 20_000, 60_000]],
  ])(
    '%s: declares its true sizes, and the gradient is that of storing everything',
    async (_, example, budgets) => {
      const { state, tape, expected } = await sizesOf(example)
      const { steps, chain } = example
      expect(Array.from({ length: steps }, (_it, n) => chain.stateBytes(n))).toEqual(state.slice(0, steps))
      expect(Array.from({ length: steps }, (_it, n) => chain.tapeBytes(n))).toEqual(tape)
      for (const ramBytes of budgets) {
        const { adjoints, finalState, statistics } = await run(example, ramBytes)
        expect({ adjoints, finalState }).toStrictEqual(expected)
        expect(statistics.storages['RAM']!.peakBytes).toBeLessThanOrEqual(ramBytes)
      }
    },
  )

  test('refined: the gradient passes the Taylor test', async () => {
    const example = allenCahn({ steps: 60, cells: 20 }) as Unequal
    const objective = async (initialState: Float64Array) => {
      const { finalState, adjoints } = await run({ ...example, initialState }, 2000)
      const value = (finalState as Float64Array).reduce((sum, x) => sum + (x * x) / 2, 0)
      return { value, gradient: adjoints[0] as Float64Array }
    }
    const direction = Float64Array.from({ length: 20 }, (_, i) => Math.cos(i))
    const start = Float64Array.from({ length: 20 }, (_, i) => 0.5 * Math.sin(2 * i))
    expect((await taylorTest(objective, start, direction)).verdict).toBe('passed')
  })

  test('layers: the gradient with respect to all weights passes the Taylor test', async () => {
    const { weights } = network({ batch: 2 }) as { weights: Float64Array }
    const objective = async (its: Float64Array) => {
      const { finalState, adjoints } = await run(network({ batch: 2, weights: its }) as Unequal, 20_000)
      const value = (finalState as Float64Array).reduce((sum, x) => sum + (x * x) / 2, 0)
      return { value, gradient: (adjoints[0] as { weights: Float64Array }).weights }
    }
    const direction = Float64Array.from(weights, (_, i) => Math.cos(i) / 100)
    expect((await taylorTest(objective, weights, direction)).verdict).toBe('passed')
  })

  test('refined: planned by its bytes it takes less work than with slots for the largest state', () => {
    const { steps, chain } = allenCahn() as Unequal
    const ramBytes = 200_000
    const schedule = heterogeneous({ steps, ...chain, ramBytes })
    const slots = Math.floor(ramBytes / 16_000)
    let work = 0
    for (const action of mixed({ steps, snapshots: slots, storage: 'RAM' }))
      if (action.type === 'Forward') for (let n = action.n0; n < action.n1; n++) work += chain.forwardCost(n)
    const { makespan } = simulate(schedule)
    expect(makespan - (4 * steps) / 3).toBeLessThan(0.85 * work)
  })
})

describe("the demo's problem", () => {
  const sizes = { state: 1_548_296, tape: 741_120, adjoint: 1_806_344 }
  const MiB = 2 ** 20
  const plan = (RAM: number, countsWorkingStorage: boolean) =>
    planSchedule({
      steps: 1000,
      budget: { RAM },
      sizes,
      costs: { forwardStep: 4, tapedStep: 4, adjointStep: 3 },
      families: { heterogeneous, mixed },
      countsWorkingStorage,
    })

  test('takes at most 2,800 forward steps within 24 MiB of checkpoints', async () => {
    const [best, next] = (await plan(24 * MiB, false)).candidates
    expect(best).toMatchObject({ family: 'heterogeneous', forwardSteps: 2758 })
    expect(best!.peakBytes.RAM).toBeLessThanOrEqual(24 * MiB)
    expect(next!.forwardSteps).toBeGreaterThan(3000)
  })

  test('takes 3,060 within 24 MiB of everything', async () => {
    const [best] = (await plan(24 * MiB, true)).candidates
    expect(best).toMatchObject({ family: 'heterogeneous', forwardSteps: 3060 })
    expect(best!.peakBytes.RAM).toBeLessThanOrEqual(24 * MiB)
  })
})
