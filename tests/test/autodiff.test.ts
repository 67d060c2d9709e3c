import { burgers1d } from '@checkpoint-schedules/models'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { expect, describe, test } from 'vitest'
import { array, burgers, numbers, settings } from './support/autodiff.js'

describe.each(settings)('$name', (setting) => {
  test('burgers', async () => {
    await setting.use()
    const [points, steps] = [127, 200]
    const given = burgers1d({ points, steps })
    const schedule = multistage({ steps, snapshotsInRam: 10 })
    const byHand = await runAdjoint({ ...given, schedule })
    const spacing = 1 / (points + 1)
    const dt = (0.4 * spacing * spacing) / 0.01
    const objective = burgers(setting, points)
    const u = array(setting, given.initialState as Float64Array)
    const params = {
      a: array(setting, [dt / (4 * spacing)]),
      b: array(setting, [(0.01 * dt) / (spacing * spacing)]),
    }
    const t = performance.now()
    const { value, gradient, warnings } = await objective.valueAndGradient({
      initialState: u,
      params,
      schedule,
    })
    const expected = byHand.adjoints[0] as Float64Array
    const g = await numbers(setting, gradient.initialState)
    const scale = Math.max(...expected.map(Math.abs))
    const err = Math.max(...g.map((x, i) => Math.abs(x - expected[i]!) / scale))
    console.log(
      setting.name,
      performance.now() - t,
      value,
      (given.objective(byHand.finalState as Float64Array) as number) - value,
      err,
      warnings,
    )
    expect(err).toBeLessThan(setting.isDouble ? 1e-12 : 1e-5)
  })
})
