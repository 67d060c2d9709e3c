/** Twenty steps in place, with numbers that are known: right, or an error. */
import { singleMemory } from '@checkpoint-schedules/basic'
import { type Model, runAdjoint } from '@checkpoint-schedules/driver'
import { revolve } from '@checkpoint-schedules/revolve'
import { describe, expect, test } from 'vitest'

const FINAL = 0.7057288162886269
const GRADIENT = 5.333318159403393

const step = (u: Float64Array) => {
  for (let i = 0; i < u.length; i++) u[i]! += (u[i]! * u[i]!) / 10
  return u
}
const inPlace: Model<Float64Array, Float64Array, Float64Array> = {
  step,
  tape(u) {
    const tape = u.slice()
    return { state: step(u), tape }
  },
  adjoint: (a, u) => a.map((x, i) => x * (1 + u[i]! / 5)),
}
const schedules = [revolve({ steps: 20, snapshotsInRam: 3 }), singleMemory()]

describe.each(schedules.map((it) => [it.manifest.name, it] as const))('%s', (_, schedule) => {
  const twenty = (over: object = {}) =>
    runAdjoint<any, any, any>({
      schedule,
      steps: 20,
      model: inPlace,
      initialState: Float64Array.of(0.3),
      terminalAdjoint: Float64Array.of(1),
      ...over,
    })

  test('final value and gradient', async () => {
    const { finalState, adjoints } = await twenty()
    expect(finalState[0]).toBeCloseTo(FINAL, 14)
    expect(adjoints[0][0]).toBeCloseTo(GRADIENT, 13)
  })

  test('the final state as terminal adjoint stays as it is', async () => {
    const { finalState, adjoints } = await twenty({ terminalAdjoint: (final: Float64Array) => final })
    expect(finalState[0]).toBeCloseTo(FINAL, 14)
    expect(adjoints[0][0]).toBeCloseTo(FINAL * GRADIENT, 13)
  })

  test('a tape that is the state of a step in place is refused', async () => {
    const tape = (u: Float64Array) => ({ tape: u, state: step(u) })
    await expect(twenty({ model: { ...inPlace, tape } })).rejects.toMatchObject({ code: 'INVALID_VALUE' })
  })
})

// A tape may be null: with an initial state of null it is, and a missing one would make NaN of it.
test.each(schedules.map((it) => [it.manifest.name, it] as const))(
  '%s: a tape that is null',
  async (_, schedule) => {
    const seen: unknown[] = []
    const { adjoints } = await runAdjoint<null, null, number>({
      schedule,
      steps: 20,
      model: {
        step: () => null,
        tape: () => ({ state: null, tape: null }),
        adjoint(a, tape) {
          seen.push(tape)
          return 2 * a
        },
      },
      initialState: null,
      terminalAdjoint: 1,
    })
    expect(adjoints).toEqual([2 ** 20])
    expect(new Set(seen)).toEqual(new Set([null]))
  },
)

test.each([
  ['signal', { signal: {} }, /signal must be an AbortSignal/],
  ['onProgress', { onProgress: 1 }, /onProgress must be a function/],
  ['observe', { model: { ...inPlace, observe: 'x' } }, /model.observe must be a function/],
  ['isDone', { model: { ...inPlace, isDone: 1 } }, /model.isDone must be a function/],
])('%s that is something else is refused before any work', async (_, over, message) => {
  let steps = 0
  const model = { ...inPlace, step: () => (steps += 1) }
  const options = {
    schedule: singleMemory(),
    steps: 3,
    model,
    initialState: Float64Array.of(1),
    terminalAdjoint: Float64Array.of(1),
    ...over,
  }
  await expect(runAdjoint(options as never)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringMatching(message),
  })
  expect(steps).toBe(0)
})
