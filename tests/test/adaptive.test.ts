/** An adaptive model, the number of whose steps nobody knows, under `online`: bounded memory, the right bits, also after a kill. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { singleMemory } from '@checkpoint-schedules/basic'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { taylorTest } from '@checkpoint-schedules/gradient-checks'
import { online } from '@checkpoint-schedules/online'
import type { AdaptiveModel, AdaptiveState, StateAndParams } from '@checkpoint-schedules/steps'
import { expect, test } from 'vitest'
// @ts-expect-error -- an example in plain JavaScript
import { vanDerPol } from '../../examples/adaptive/van-der-pol.mjs'

interface Example {
  model: AdaptiveModel<Float64Array, number>
  initialState: AdaptiveState<Float64Array>
  terminalAdjoint: StateAndParams<Float64Array, number>
}
const example = (options: object = {}) =>
  vanDerPol({ until: 4, tolerance: 1e-6, ...options }) as unknown as Example

test('bounded memory, and bit for bit the gradient of storing everything', async () => {
  const expected = await runAdjoint({ schedule: singleMemory(), ...example() })
  const { steps } = expected.statistics
  expect(steps).toBeGreaterThan(100)
  for (const snapshots of [1, 2, 6, 20, steps - 1, steps, steps + 1]) {
    const schedule = online({ snapshots })
    const result = await runAdjoint({ schedule, ...example(), checkReplay: true })
    expect(result.finalState).toStrictEqual(expected.finalState)
    expect(result.adjoints).toStrictEqual(expected.adjoints)
    const { forwardSteps, storages } = result.statistics
    expect(result.statistics.steps).toBe(steps)
    expect(forwardSteps).toBe(schedule.optimum(steps)!.forwardSteps)
    expect(storages['RAM']!.peakCheckpoints).toBe(Math.min(snapshots, steps))
    expect(storages['RAM']!.peakBytes).toBe(32 * Math.min(snapshots, steps))
    if (snapshots > 1 && snapshots < steps - 1) expect(storages['RAM']!.discards).toBeGreaterThan(0)
  }
})

test('the gradient is the one of what was computed, sizes of steps included', async () => {
  const objective = async (mu: number) => {
    const { finalState, adjoints } = await runAdjoint({
      schedule: online({ snapshots: 8 }),
      ...example({ mu }),
    })
    return { value: finalState.u[0]!, gradient: adjoints[0]!.params }
  }
  expect((await taylorTest(objective, 5, 1e-3)).verdict).toBe('passed')
})

test('maxSteps is a bound that may be higher than the end, and no lower', async () => {
  const schedule = online({ snapshots: 5 })
  const { statistics } = await runAdjoint({ schedule, ...example(), maxSteps: 10_000 })
  expect(statistics.steps).toBeLessThan(10_000)
  await expect(runAdjoint({ schedule, ...example(), maxSteps: 20 })).rejects.toThrow(/maxSteps/)
})

test('steps that are known end it early, and a run may have one step or none', async () => {
  for (const steps of [0, 1, 2, 7]) {
    const known = await runAdjoint({ schedule: online({ snapshots: 3 }), ...example(), steps })
    const expected = await runAdjoint({ schedule: singleMemory(), ...example(), steps })
    expect([known.finalState, known.adjoints]).toStrictEqual([expected.finalState, expected.adjoints])
  }
})

test(
  'killed by SIGKILL in the forward, again in the reverse: the same bits',
  { timeout: 300_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
    try {
      const script = fileURLToPath(new URL('../kill/adaptive-run.mjs', import.meta.url))
      const start = (...args: (string | number)[]) => {
        const { signal, stdout } = spawnSync(process.execPath, [script, ...args.map(String)], {
          encoding: 'utf8',
        })
        const lines = stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>)
        return {
          signal,
          last: lines.at(-1)!,
          resumed: lines.find(({ type }) => type === 'resumed')?.['message'],
        }
      }
      const whole = start(join(folder, 'whole')).last
      const { finalState, adjoints } = await runAdjoint({ schedule: singleMemory(), ...example() })
      const hex = (values: number[]) => Buffer.from(Float64Array.from(values).buffer).toString('hex')
      expect(whole['final']).toBe(hex([...finalState.u, finalState.time]))
      expect(whole['adjoint']).toBe(hex([...adjoints[0]!.state, adjoints[0]!.params]))

      const steps = whole['steps'] as number
      const directory = join(folder, 'killed')
      // In the forward, while it recovers or soon after, in the reverse; then to the end.
      const attempts = [
        start(directory, Math.floor(0.8 * steps)),
        start(directory, steps),
        start(directory, 2 * steps),
        start(directory),
      ]
      expect(attempts.slice(0, 3).map(({ signal }) => signal)).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL'])
      expect(attempts[1]!.resumed).toMatch(/in the forward, at step/)
      expect(attempts[3]!.resumed).toMatch(/in the reverse/)
      const { calls: _calls, ...result } = attempts[3]!.last
      const { calls: _all, ...wanted } = whole
      expect(result).toEqual(wanted)
      expect(existsSync(directory)).toBe(false)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
