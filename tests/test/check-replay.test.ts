/** checkReplay: a forward that does not compute again what it computed ends the run, and the message says where. */
import { singleDisk, singleMemory } from '@checkpoint-schedules/basic'
import type { Schedule } from '@checkpoint-schedules/core'
import { type Codec, memoryStore, runAdjoint, type RunEvent, type Store } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { revolve } from '@checkpoint-schedules/revolve'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { handled, initialState, Live, oscillator, type State } from './support/oscillator.js'

const N = 37
const schedule = multistage({ steps: N, snapshotsInRam: 3 })
const base = { schedule, initialState, terminalAdjoint: { x: 1, v: 0, stiffness: 0 } }
const checkReplay = { share: Infinity }

test('a model that repeats itself passes, and every state that passes again is compared', async () => {
  const { statistics } = await runAdjoint({ ...base, model: oscillator(), checkReplay })
  // Each forward step beyond the first N ends at a step that was there before; each load as well.
  const { forwardSteps, replay, storages } = statistics
  const again = forwardSteps - N
  expect(replay).toMatchObject({
    verdict: 'passed',
    recorded: N + 1,
    recomputed: { states: again, compared: again },
    compared: again + storages['RAM']!.reads,
  })
  const plain = await runAdjoint({ ...base, model: oscillator() })
  expect(plain.statistics.replay).toBeUndefined()
})

test('async codecs and handles: compared by what they encode', async () => {
  const live = new Live()
  const { statistics } = await runAdjoint({
    schedule,
    model: handled(live),
    initialState: { data: { ...initialState } },
    terminalAdjoint: { data: { ...base.terminalAdjoint } },
    checkReplay,
  })
  expect(statistics.replay!.compared).toBeGreaterThan(N)
  expect(live.count).toBe(2)
})

/** The model, but from its second visit on, step n adds `error` to the field. */
function drifting(at: number, field: 'x' | 'v', error: number) {
  const plain = oscillator()
  const visited = new Set<number>()
  const spoil = (state: State, n: number) => {
    if (n === at && visited.has(n)) state[field] += error
    visited.add(n)
    return state
  }
  return {
    ...plain,
    step: (state: State, n: number) => spoil(plain.step(state, n) as State, n),
    tape(state: State, n: number) {
      const taped = plain.tape(state, n) as { state: State; tape: State }
      return { state: spoil(taped.state, n), tape: taped.tape }
    },
  }
}

describe('a model that does not repeat itself', () => {
  test('the first step that differs, and its field', async () => {
    // Step N-1 is taken once under this schedule; every other one again.
    await fc.assert(
      fc.asyncProperty(fc.nat(N - 2), fc.constantFrom('x' as const, 'v' as const), async (at, field) => {
        const run = runAdjoint({ ...base, model: drifting(at, field, 1e-13), checkReplay })
        await expect(run).rejects.toMatchObject({
          code: 'NOT_REPRODUCIBLE',
          details: { step: at + 1, field, lastSame: at },
        })
      }),
      { numRuns: 40 },
    )
  })

  test('the message says what to look for', async () => {
    const run = runAdjoint({ ...base, model: drifting(5, 'v', 1), checkReplay })
    await expect(run).rejects.toThrow(
      'runAdjoint: the state at step 6 is not the one that was there before: v differs. At step 5 it was the same. ' +
        'A step must give the same result each time: see that step, tape and advance compute the same',
    )
  })

  test('a tape that steps otherwise than step does', async () => {
    const plain = oscillator()
    const tape = (state: State, n: number) => {
      const taped = plain.tape(state, n) as { state: State; tape: State }
      return n === 20 ? { ...taped, state: { ...taped.state, v: taped.state.v + 1e-15 } } : taped
    }
    const run = runAdjoint({ ...base, model: { ...plain, tape }, checkReplay })
    await expect(run).rejects.toMatchObject({ code: 'NOT_REPRODUCIBLE', details: { step: 21, field: 'v' } })
  })

  test('a state that changes its shape', async () => {
    const plain = oscillator()
    let visits = 0
    const step = (state: State, n: number) => {
      const next = plain.step(state, n) as State
      return n === 3 && visits++ > 0 ? { ...next, extra: 1 } : next
    }
    await expect(runAdjoint({ ...base, model: { ...plain, step }, checkReplay })).rejects.toThrow(/its shape/)
  })
})

test('the order of fields does not matter, nor do the bits of a NaN', async () => {
  const nan = (bits: bigint) => new Float64Array(BigUint64Array.of(bits).buffer)
  let visits = 0
  type Masked = { u: Float64Array; t: number }
  const step = ({ t }: Masked): Masked => {
    visits += 1
    const u = Float64Array.of(t, nan(visits % 2 === 0 ? 0x7ff8000000000000n : 0xfff8000000000001n)[0]!, t)
    return visits % 3 === 0 ? { u, t: t + 1 } : { t: t + 1, u }
  }
  const { statistics } = await runAdjoint({
    schedule,
    model: { step, tape: (s: Masked) => ({ state: step(s), tape: s.t }), adjoint: (a: number) => a },
    initialState: { u: Float64Array.of(0, Number.NaN, 0), t: 0 },
    terminalAdjoint: 1,
    checkReplay,
  })
  expect(statistics.replay!.compared).toBeGreaterThan(0)
})

test('a store that returns something else is told apart from the model', async () => {
  const memory = memoryStore()
  const lying: Store = {
    medium: 'lies',
    async open(settings) {
      const store = await memory.open(settings)
      const changed = async (read: unknown) => {
        const state = (await read) as State
        return { ...state, x: state.x + 1 }
      }
      return { ...store, get: (key) => changed(store.get(key)), take: (key) => changed(store.take(key)) }
    },
  }
  const run = runAdjoint({ ...base, model: oscillator(), stores: { RAM: lying }, checkReplay })
  await expect(run).rejects.toMatchObject({ code: 'NOT_REPRODUCIBLE', details: { field: 'x' } })
  await expect(run).rejects.toThrow('It was read back from a store, which must return what was put.')
})

describe('by default', () => {
  test('a short run is compared in full', async () => {
    const { statistics } = await runAdjoint({ ...base, model: oscillator(), checkReplay: true })
    const again = statistics.forwardSteps - N
    expect(statistics.replay).toMatchObject({
      verdict: 'passed',
      recomputed: { states: again, compared: again },
    })
  })

  test('random steps are caught, every time', async () => {
    const step = (x: number) => x + 1e-3 * Math.random()
    for (let run = 0; run < 30; run++) {
      const outcome = runAdjoint({
        schedule: revolve({ steps: 100, snapshotsInRam: 5 }),
        model: { step, tape: (x: number) => ({ state: step(x), tape: x }), adjoint: (a: number) => a },
        initialState: 1,
        terminalAdjoint: 1,
        checkReplay: true,
      })
      await expect(outcome).rejects.toMatchObject({
        code: 'NOT_REPRODUCIBLE',
        details: { blame: 'step', field: 'the value' },
      })
    }
  })

  test.each([1, 2, 3, 5, 10])(
    'a solver that starts from its last solution, with %i snapshots',
    async (ram) => {
      // Implicit Euler of x' = -x³ by two Newton iterations.
      const dt = 0.1
      let guess = 1
      const step = (x: number) => {
        let y = guess
        for (let k = 0; k < 2; k++) y -= (y + dt * y ** 3 - x) / (1 + 3 * dt * y * y)
        guess = y
        return y
      }
      const tape = (x: number) => {
        const state = step(x)
        return { state, tape: state }
      }
      const run = runAdjoint({
        schedule: revolve({ steps: 40, snapshotsInRam: ram }),
        model: { step, tape, adjoint: (a: number, y: number) => a / (1 + 3 * dt * y * y) },
        initialState: 1,
        terminalAdjoint: 1,
        checkReplay: true,
      })
      await expect(run).rejects.toMatchObject({ code: 'NOT_REPRODUCIBLE', details: { blame: 'step' } })
    },
  )

  test.each([
    ['the same formula, written otherwise', (x: number) => x * (1 + x / 10)],
    ['single precision', (x: number) => Math.fround(x + (x * x) / 10)],
  ])('a tape that rounds differently from step: %s', async (_, taped) => {
    for (const schedule of [
      revolve({ steps: 20, snapshotsInRam: 3 }),
      multistage({ steps: 20, snapshotsInRam: 3 }),
      multistage({ steps: 20, snapshotsInRam: 1, snapshotsOnDisk: 2 }),
    ]) {
      const run = runAdjoint({
        schedule,
        model: {
          step: (x: number) => x + (x * x) / 10,
          tape: (x: number) => ({ state: taped(x), tape: x }),
          adjoint: (a: number, x: number) => a * (1 + x / 5),
        },
        initialState: 0.3,
        terminalAdjoint: 1,
        stores: { DISK: memoryStore() },
        checkReplay: true,
      })
      await expect(run).rejects.toMatchObject({ code: 'NOT_REPRODUCIBLE', details: { blame: 'step' } })
    }
  })
})

describe('nothing compared is no pass', () => {
  const events: RunEvent[] = []
  const run = async (schedule: Schedule, checkReplay: boolean) => {
    events.length = 0
    const onEvent = (event: RunEvent) => events.push(event)
    const { model, ...rest } = { ...base, model: oscillator(), schedule, steps: N, checkReplay, onEvent }
    return (await runAdjoint({ model, ...rest })).statistics.replay
  }

  test('under a schedule that takes no step twice', async () => {
    const replay = await run(singleMemory(), true)
    expect(replay).toMatchObject({
      verdict: 'undecided',
      compared: 0,
      recomputed: { states: 0, compared: 0 },
    })
    expect(events).toMatchObject([{ type: 'nothing-compared' }])
    expect(events[0]!.message).toMatch(/^checkReplay compared nothing: no step was taken twice\./)
  })

  test('what was only read back shows nothing of the steps', async () => {
    const { statistics } = await runAdjoint({
      ...base,
      model: oscillator(),
      schedule: singleDisk(),
      steps: N,
      stores: { DISK: memoryStore() },
      checkReplay: true,
    })
    expect(statistics.replay).toMatchObject({ verdict: 'undecided', recomputed: { compared: 0 } })
  })

  test('and otherwise there is nothing to say', async () => {
    expect(await run(schedule, true)).toMatchObject({ verdict: 'passed' })
    expect(events).toEqual([])
    await run(singleMemory(), false)
    expect(events).toEqual([])
  })
})

describe('a codec that rounds is blamed itself, not the step', () => {
  const exact: Codec<Float64Array> = {
    clone: (u) => u.slice(),
    byteLength: (u) => u.byteLength,
    encode: (u) => new Uint8Array(u.slice().buffer),
    decode: (bytes) => new Float64Array(bytes.slice().buffer),
  }
  const rounding: Codec<Float64Array> = {
    ...exact,
    encode: (u) => new Uint8Array(Float32Array.from(u).buffer),
    decode: (bytes) => Float64Array.from(new Float32Array(bytes.slice().buffer)),
  }
  const step = (u: Float64Array) => u.map((x) => x + (x * x) / 10)
  const run = (codec: Codec<Float64Array>, store: Store, checkReplay: true | { share: number }) =>
    runAdjoint({
      schedule: multistage({ steps: 20, snapshotsOnDisk: 3 }),
      model: {
        step,
        tape: (u: Float64Array) => ({ state: step(u), tape: u }),
        adjoint: (a: Float64Array, u: Float64Array) => a.map((x, i) => x * (1 + u[i]! / 5)),
        codecs: { state: codec },
      },
      initialState: Float64Array.of(0.25, 0.5),
      terminalAdjoint: Float64Array.of(1, 1),
      stores: { DISK: store },
      checkReplay,
    })

  /** Keeps bytes, as a file does. */
  const bytes: Store = {
    medium: 'bytes',
    async open(settings) {
      const store = await memoryStore().open({ ...settings, codecs: { restart: asIs, dependency: asIs } })
      const { codecs } = settings
      return {
        ...store,
        put: async (key, value) => store.put(key, await codecs[key.kind].encode(value)),
        get: async (key) => codecs[key.kind].decode((await store.get(key)) as Uint8Array),
        take: async (key) => codecs[key.kind].decode((await store.take(key)) as Uint8Array),
      }
    },
  }
  const asIs = {
    clone: (x: unknown) => (x as Uint8Array).slice(),
    byteLength: () => 0,
    encode: () => new Uint8Array(),
    decode: () => 0,
  }

  test.each([true as const, { share: Infinity }])('in encode, with checkReplay: %o', async (checkReplay) => {
    const outcome = run(rounding, bytes, checkReplay)
    await expect(outcome).rejects.toMatchObject({ code: 'NOT_REPRODUCIBLE', details: { blame: 'codec' } })
    await expect(run(rounding, bytes, checkReplay)).rejects.toThrow(
      "the model's codec loses something: decode(encode(state)) changes the value. A codec must give back every bit",
    )
  })

  test('in clone', async () => {
    const clone = (u: Float64Array) => u.map(Math.fround)
    const outcome = run({ ...exact, clone }, memoryStore(), true)
    await expect(outcome).rejects.toMatchObject({ details: { blame: 'codec' } })
  })

  test('not where it is not used, and not where it is exact', async () => {
    for (const [codec, store] of [
      [rounding, memoryStore()],
      [exact, memoryStore()],
      [exact, bytes],
    ] as const) {
      const { statistics } = await run(codec, store, true)
      expect(statistics.replay).toMatchObject({ verdict: 'passed' })
    }
  })

  test('a codec that cannot encode is no matter while nothing is compared by it', async () => {
    const never = () => {
      throw new Error('not supported')
    }
    await expect(run({ ...exact, encode: never }, memoryStore(), true)).rejects.toThrow('not supported')
  })
})

test.each([0, -1, Number.NaN, 'yes', {}, { share: 0 }])('checkReplay: %o is refused', async (wrong) => {
  const run = runAdjoint({ ...base, model: oscillator(), checkReplay: wrong as unknown as boolean })
  await expect(run).rejects.toThrow(/checkReplay must be true, false or \{ share \}/)
})
