/** checkReplay: a forward that does not compute again what it computed ends the run, and the message says where. */
import { type Codec, memoryStore, runAdjoint, type Store } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
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
  expect(replay).toMatchObject({ recorded: N + 1, compared: forwardSteps - N + storages['RAM']!.reads })
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

test('its time is capped: 2 % unless told otherwise, and a digest at most beyond', async () => {
  // Encoding takes as long as a step: with no cap the run would take twice as long.
  const busy = (ms: number) => {
    const until = performance.now() + ms
    while (performance.now() < until);
  }
  const codec: Codec<number> = {
    clone: (x) => x,
    byteLength: () => 8,
    encode: (x) => (busy(1), new Uint8Array(Float64Array.of(x).buffer)),
    decode: (bytes) => new Float64Array(bytes.slice().buffer)[0]!,
  }
  const step = (x: number) => (busy(1), x + 1)
  const run = (share: true | { share: number }) =>
    runAdjoint({
      schedule: multistage({ steps: 200, snapshotsInRam: 5 }),
      model: {
        step,
        tape: (x: number) => ({ state: step(x), tape: x }),
        adjoint: (a: number) => a,
        codecs: { state: codec },
      },
      initialState: 0,
      terminalAdjoint: 1,
      checkReplay: share,
    })
  for (const [given, share] of [
    [true, 0.02],
    [{ share: 0.1 }, 0.1],
  ] as const) {
    const { replay, timeMs } = (await run(given)).statistics
    // An encoding may take longer than the one that its cost was guessed from.
    expect(replay!.timeMs).toBeLessThan(share * timeMs.total + 0.2 * timeMs.total)
    expect(replay!.recorded).toBeGreaterThan(0)
    expect(replay!.recorded).toBeLessThan(200)
  }
})

test.each([0, -1, Number.NaN, 'yes', {}, { share: 0 }])('checkReplay: %o is refused', async (wrong) => {
  const run = runAdjoint({ ...base, model: oscillator(), checkReplay: wrong as unknown as boolean })
  await expect(run).rejects.toThrow(/checkReplay must be true, false or \{ share \}/)
})
