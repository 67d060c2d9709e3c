/** Copies into memory that is there (`copyInto`): the same bits under every family, memory counted, shapes that change, broken promises. */
import type { Schedule } from '@checkpoint-schedules/core'
import {
  type Codec,
  memoryStore,
  type Model,
  reusingTreeCodec,
  runAdjoint,
  treeCodec,
  workingBytes,
} from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { simulate } from '@checkpoint-schedules/simulator'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { families } from './support/families.js'
import { optionsOf } from './support/family-options.js'

type Numbers = Float64Array
const STEPS = 26
const SIZE = 100
const BYTES = 8 * SIZE

const change = (u: Numbers) => {
  for (let i = 0; i < u.length; i++) u[i]! += (u[i]! * u[i]!) / 10
  return u
}
const adjoint = (a: Numbers, u: Numbers) => a.map((x, i) => x * (1 + u[i]! / 5))
const models: Record<string, Model<Numbers, Numbers, Numbers>> = {
  'in place': {
    step: change,
    tape(u) {
      const tape = u.slice()
      return { state: change(u), tape }
    },
    adjoint,
  },
  'a new state each step': {
    step: (u) => change(u.slice()),
    tape: (u) => ({ state: change(u.slice()), tape: u }),
    adjoint,
  },
  asynchronous: {
    step: async (u) => change(u),
    tape: async (u) => ({ tape: u.slice(), state: change(u) }),
    adjoint: async (a, u) => adjoint(a, u),
  },
}

/** Counts what `reusingTreeCodec` is asked for. */
function counting() {
  const done = { clones: 0, fits: 0, misfits: 0 }
  const codec: Codec<unknown> = {
    ...reusingTreeCodec,
    clone(value) {
      done.clones += 1
      return reusingTreeCodec.clone(value)
    },
    copyInto(target, source) {
      const fits = reusingTreeCodec.copyInto!(target, source) as boolean
      done[fits ? 'fits' : 'misfits'] += 1
      return fits
    },
  }
  return { codec, done }
}

const start = () => Float64Array.from({ length: SIZE }, (_, i) => 0.1 + i / 1000)
const seed = () => new Float64Array(SIZE).fill(1)
const stores = () => ({ RAM: memoryStore(), DISK: memoryStore(), GPU: memoryStore() })

async function run(schedule: Schedule, model: Model<any, any, any>, state: Codec<unknown>, steps = STEPS) {
  return runAdjoint<any, any, any>({
    schedule,
    steps,
    model: { ...model, codecs: { state } },
    initialState: start(),
    terminalAdjoint: seed(),
    stores: stores(),
  })
}

const schedules = families
  .filter(({ factory }) => factory.definition.adjoints !== 0)
  .flatMap(({ exportName, factory }) =>
    optionsOf(STEPS)[exportName]!.map((options): [string, Schedule] => [
      `${exportName} ${JSON.stringify(options)}`,
      factory(options),
    ]),
  )

describe.each(Object.entries(models))('%s', (_, model) => {
  test.each(schedules)('the same bits: %s', async (_name, schedule) => {
    const fresh = await run(schedule, model, treeCodec)
    const reused = await run(schedule, model, reusingTreeCodec)
    expect(reused.adjoints).toEqual(fresh.adjoints)
    expect(reused.finalState).toEqual(fresh.finalState)
    // The pool takes the place of checkpoints that are gone; a state is worked on meanwhile. What the run works with besides may be
    // less when there are most checkpoints.
    const { peak } = simulate(schedule, { steps: STEPS })
    const most = Object.values(peak).reduce((sum, count) => sum + count, 0)
    const bound = workingBytes({ stateBytes: BYTES }) + (most + 1) * BYTES
    const { peakLiveBytes } = fresh.statistics
    expect(reused.statistics.peakLiveBytes).toBeLessThanOrEqual(Math.max(peakLiveBytes + BYTES, bound))
  })
})

test.each(schedules)('all memory that was taken for states is counted: %s', async (_, schedule) => {
  const { codec, done } = counting()
  const { statistics } = await run(schedule, models['in place']!, codec)
  const { peakLiveBytes } = statistics
  // Nothing is collected before the end: each clone is another piece of memory, and the last one is the result's.
  expect((done.clones - 1) * BYTES).toBeLessThanOrEqual(peakLiveBytes)
  expect(done.misfits).toBe(0)
})

test('a run of many copies takes memory for its slots only', async () => {
  const { codec, done } = counting()
  const { statistics } = await run(
    multistage({ steps: STEPS, snapshotsInRam: 3 }),
    models['in place']!,
    codec,
  )
  const { writes, reads } = statistics.storages['RAM']!
  // The initial state, three slots, the final state.
  expect(done.clones).toBeLessThanOrEqual(5)
  expect(done.clones + done.fits).toBeGreaterThan((writes + reads) / 2)
  expect(done.fits).toBeGreaterThan(10)
})

test('a shape that changes is cloned', async () => {
  const growing: Model<{ n: number; u: number[] }, number[], number[]> = {
    step: ({ n, u }) => ({ n: n + 1, u: [...u.map((x) => x * 1.1), n] }),
    tape(state) {
      return { tape: state.u, state: this.step(state, 0) as { n: number; u: number[] } }
    },
    adjoint: (a, u) => u.map((_x, i) => a[i]! * 1.1),
  }
  const seen: unknown[] = []
  for (const state of [treeCodec, reusingTreeCodec] as Codec<any>[]) {
    const { adjoints, finalState } = await runAdjoint<any, any, any>({
      schedule: multistage({ steps: STEPS, snapshotsInRam: 3 }),
      model: { ...growing, codecs: { state } },
      initialState: { n: 0, u: [1, 2] },
      terminalAdjoint: ({ u }: { u: number[] }) => u.map(() => 1),
    })
    seen.push({ adjoints, finalState })
  }
  expect(seen[1]).toEqual(seen[0])
})

const broken: Record<string, (own: Numbers[]) => Partial<Model<Numbers, Numbers, Numbers>>> = {
  'a state that was taped, later used again': () => {
    let kept: Numbers | undefined
    let taped = 0
    return {
      tape(u) {
        const tape = u.slice()
        taped += 1
        // Late, when the contents of checkpoints are no longer compared.
        if (taped === 20) kept = u
        if (kept === undefined || taped % 5 > 0) return { state: change(u), tape }
        if (kept !== u) kept.set(u)
        return { state: change(kept), tape }
      },
    }
  },
  'two arrays in turn': (own) => ({
    step: (u, n) => {
      own[n % 2]!.set(u)
      return change(own[n % 2]!)
    },
  }),
  'views of one memory': (own) => ({
    step: (u) => {
      own[0]!.set(u)
      return change(own[0]!.subarray(0))
    },
  }),
}
test.each(Object.entries(broken))('a model that keeps states is an error: %s', async (_, make) => {
  const parts = make([new Float64Array(SIZE), new Float64Array(SIZE)])
  const model = { ...models['in place']!, ...parts }
  const schedule = multistage({ steps: 100, snapshotsInRam: 5 })
  await expect(run(schedule, model, reusingTreeCodec, 100)).rejects.toMatchObject({
    code: 'INVALID_VALUE',
    message: expect.stringContaining('copyInto promises'),
  })
})

test.each(schedules)('handles with dispose are released once each: %s', async (_, schedule) => {
  const memory = new Map<object, Numbers>()
  const upload = (data: Numbers) => {
    const handle = {}
    memory.set(handle, data)
    return handle
  }
  const look = (handle: object) => memory.get(handle) ?? expect.unreachable('it was released')
  const codec: Codec<object> = {
    clone: async (handle) => upload(look(handle).slice()),
    async copyInto(target, source) {
      look(target).set(look(source))
      return true
    },
    byteLength: (handle) => look(handle).byteLength,
    dispose: (handle) => void (memory.delete(handle) || expect.unreachable('it was released twice')),
    encode: () => expect.unreachable('all stores are memory'),
    decode: () => expect.unreachable('all stores are memory'),
  }
  const initialState = upload(start())
  const result = await runAdjoint<any, any, any>({
    schedule,
    steps: STEPS,
    model: {
      step: (handle: object) => (change(look(handle)), handle),
      tape(handle: object) {
        const tape = look(handle).slice()
        return { state: this.step(handle, 0), tape }
      },
      adjoint,
      codecs: { state: codec },
    },
    initialState,
    terminalAdjoint: seed(),
    stores: stores(),
  })
  const plain = await run(schedule, models['in place']!, treeCodec)
  expect(result.adjoints).toEqual(plain.adjoints)
  expect(look(result.finalState)).toEqual(plain.finalState)
  expect([...memory.keys()]).toEqual([initialState, result.finalState])
})

describe('copyInto of trees', () => {
  const leaf = fc.oneof(
    fc.double(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.float64Array({ maxLength: 4 }),
    fc.int8Array({ maxLength: 4 }),
  )
  const tree = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('tree')),
    ),
  })).tree

  test('makes the target what a clone would be, or says that it does not fit', () => {
    const { copyInto, clone, encode } = reusingTreeCodec
    fc.assert(
      fc.property(tree, tree, (source, other) => {
        const before = encode(source)
        for (const target of [clone(source), clone(other)])
          if (copyInto!(target, source) === true) expect(encode(target)).toEqual(before)
        expect(encode(source)).toEqual(before)
      }),
    )
  })

  test('fits where the shape is the same', () => {
    const state = {
      u: Float64Array.of(1, -0, NaN),
      t: 0.5,
      names: ['a', null],
      deep: { v: new Int8Array(3) },
    }
    const target = { u: new Float64Array(3), t: 0, names: ['', ''], deep: { v: new Int8Array(3).fill(7) } }
    const { u } = target
    expect(reusingTreeCodec.copyInto!(target, state)).toBe(true)
    expect(target).toEqual(state)
    expect(target.u).toBe(u)
  })
})
