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
