/**
 * Random models in each library: value, gradient, Hessian-vector product and tangent run against hyper-dual numbers. This is how faults of the
 * libraries are found; `CASES=1000 pnpm vitest run test/random-models` looks for more.
 */
import { differentiable, leavesOf } from '@checkpoint-schedules/autodiff'
import { multistage } from '@checkpoint-schedules/multistage'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { array, operationsOf, type Setting, settings, tf } from './support/autodiff.js'
import { inputNumbers, modelOf, NoDerivative, programs, size, truth } from './support/random-models.js'

const steps = 3
const schedule = multistage({ steps, snapshotsInRam: 1 })
const runs = Number(process.env['CASES'] ?? 12)

/** jax-js rounds numbers in f64, such as the 1 / 3 of a mean; on wasm its sines, exponentials and hyperbolic tangents have single precision. */
const tolerance = ({ name }: Setting) => (name === 'jax-js cpu float64' ? 1e-6 : 1e-3)

const near = (setting: Setting, got: readonly number[], expected: readonly number[]) => {
  const scale = Math.max(1, ...expected.map(Math.abs))
  const worst = Math.max(...got.map((x, i) => Math.abs(x - expected[i]!))) / scale
  expect(got.length).toBe(expected.length)
  expect(worst, `${got.join()} instead of ${expected.join()}`).toBeLessThan(tolerance(setting))
}

/** A point or a direction of `1 + 3 size` numbers. */
const trees = (setting: Setting, x: readonly number[]) => {
  const scalar = (i: number) => array(setting, [x[i]!], [])
  const vector = (i: number) => array(setting, x.slice(i, i + size))
  return {
    initialState: { a: scalar(0), v: vector(1) },
    params: { p: vector(1 + size), q: scalar(1 + 2 * size), r: scalar(2 + 2 * size) },
  }
}

test.each(settings)('$name', async (setting) => {
  await setting.use()
  const { ad } = setting
  const isTensorFlow = setting.name.startsWith('tfjs')
  const release = (tree: unknown) => {
    for (const x of leavesOf(ad, tree)) ad.release(x)
  }
  const list = async ({ initialState: { a, v }, params: { p, q, r } }: ReturnType<typeof trees>) => {
    const parts: number[] = []
    for (const x of [a, v, p, q, r]) parts.push(...((await ad.read(x)).data as Float64Array))
    return parts
  }
  const property = fc.asyncProperty(
    programs.model,
    programs.point,
    programs.point,
    async (program, at, along) => {
      let expected: ReturnType<typeof truth>
      try {
        expected = truth(program, at, along, steps)
      } catch (error) {
        if (!(error instanceof NoDerivative)) throw error
        return fc.pre(false)
      }
      const model = modelOf<any>(operationsOf(setting), program)
      const objective = differentiable<any, any, any, any>({
        ad,
        ...model,
        inputs: (n) => array(setting, inputNumbers(n)),
      })
      const [point, direction] = [trees(setting, at), trees(setting, along)]
      const before = isTensorFlow ? tf.memory().numTensors : 0
      const first = await objective.valueAndGradient({ ...point, schedule })
      near(setting, [first.value, ...(await list(first.gradient))], [expected.value, ...expected.gradient])
      const second = await objective.hessianVectorProduct({ ...point, direction, schedule })
      near(setting, [second.value, ...(await list(second.gradient))], [expected.value, ...expected.gradient])
      near(setting, await list(second.hessianVectorProduct), expected.product)
      const tangent = await objective.jvp({ ...point, direction, steps })
      near(setting, [tangent.value, tangent.derivative], [expected.value, expected.derivative])
      release([first.gradient, second.gradient, second.hessianVectorProduct])
      if (isTensorFlow) expect(tf.memory().numTensors).toBe(before)
      release([point, direction])
    },
  )
  const { SEED: seed } = process.env
  await fc.assert(property, { numRuns: runs, ...(seed !== undefined && { seed: Number(seed) }) })
})
