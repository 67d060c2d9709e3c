/** TensorFlow.js under the driver, on the backends that run in Node: what is right, and that no tensor is left. */
import { differentiable } from '@checkpoint-schedules/autodiff'
import { memoryStore } from '@checkpoint-schedules/model'
import { multistage } from '@checkpoint-schedules/multistage'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, test } from 'vitest'
import { type TensorFlow, tfjs } from '../src/index.js'
import * as tf from './tensorflow/index.js'

type Cell = { readonly w: tf.Tensor2D; readonly b: tf.Tensor1D; readonly unused: tf.Scalar }

describe.each(['cpu', 'wasm'])('%s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend)
    await tf.ready()
  })
  const ad = tfjs(tf)
  const schedule = multistage({ steps: 12, snapshotsInRam: 1, snapshotsOnDisk: 2 })
  const stores = { DISK: memoryStore() }

  /** A recurrent cell with an input and a loss at each step; `fail` is called in each. */
  const cell = (fail: () => void = () => {}) =>
    differentiable({
      ad,
      step: (h: tf.Tensor2D, { w, b }: Cell, x: tf.Tensor2D) => {
        fail()
        return tf.tanh<tf.Tensor2D>(tf.add(tf.add(tf.matMul(h, w), b), x))
      },
      stepLoss: (h, _cell, x) => tf.mean(tf.square(tf.sub(h, x))),
      inputs: (n) => tf.tensor2d([Math.sin(n), Math.cos(n), 0.1 * n, 1], [2, 2]),
    })
  const point = () => ({
    initialState: tf.tensor2d([0.1, 0.2, 0.3, 0.4], [2, 2]),
    params: {
      w: tf.tensor2d([0.5, -0.2, 0.3, 0.7], [2, 2]),
      b: tf.tensor1d([0.1, -0.1]),
      unused: tf.scalar(1),
    },
  })

  test("the library's own gradient of the whole loop", async () => {
    const { initialState, params } = point()
    const { value, gradient, warnings } = await cell().valueAndGradient({
      initialState,
      params,
      schedule,
      stores,
    })
    const whole = tf.valueAndGrads((h: tf.Tensor, w: tf.Tensor, b: tf.Tensor) => {
      let [state, sum] = [h as tf.Tensor2D, tf.scalar(0) as tf.Tensor]
      for (let n = 0; n < 12; n++) {
        const x = tf.tensor2d([Math.sin(n), Math.cos(n), 0.1 * n, 1], [2, 2])
        state = tf.tanh<tf.Tensor2D>(tf.add(tf.add(tf.matMul(state, w as tf.Tensor2D), b), x))
        sum = tf.add(sum, tf.mean(tf.square(tf.sub(state, x))))
      }
      return sum
    })([initialState, params.w, params.b])
    expect(value / whole.value.dataSync()[0]!).toBeCloseTo(1, 5)
    for (const [i, own] of [gradient.initialState, gradient.params.w, gradient.params.b].entries())
      for (const [k, g] of whole.grads[i]!.dataSync().entries())
        expect(own.dataSync()[k]! / g).toBeCloseTo(1, 4)
    expect(gradient.params.unused.dataSync()[0]).toBe(0)
    expect(warnings).toEqual([expect.stringContaining('params.unused')])
  })

  test('leaves no tensor but the gradient; none at all after an error or an abort', async () => {
    const { initialState, params } = point()
    const before = tf.memory().numTensors
    const { gradient } = await cell().valueAndGradient({ initialState, params, schedule, stores })
    expect(tf.memory().numTensors).toBe(before + 4)
    tf.dispose(gradient)
    for (let failing = 1; failing < 40; failing += 4) {
      const controller = new AbortController()
      let calls = 0
      const broken = cell(() => {
        if (++calls === failing) throw new Error('enough')
        if (calls === failing - 1 && failing % 3 === 0) controller.abort(new Error('enough'))
      })
      const call = { initialState, params, schedule, stores, signal: controller.signal }
      await expect(broken.valueAndGradient(call)).rejects.toThrow('enough')
      expect(tf.memory().numTensors).toBe(before)
    }
  })

  test('gradients by the inputs', async () => {
    const { initialState, params } = point()
    const before = tf.memory().numTensors
    const seen: number[] = []
    const { gradient } = await cell().valueAndGradient({
      initialState,
      params,
      schedule,
      stores,
      onInputGradient: async (g, n) => void (seen[n] = (await g.data())[0]!),
    })
    tf.dispose(gradient)
    expect(tf.memory().numTensors).toBe(before)
    expect(seen.length).toBe(12)
    expect(seen.every((g) => Number.isFinite(g) && g !== 0)).toBe(true)
  })

  test('a step that returns its argument, or one tensor twice', async () => {
    const objective = differentiable({
      ad,
      step({ a, b }: { a: tf.Tensor; b: tf.Tensor; c: tf.Tensor }) {
        const sum = tf.add(a, b)
        return { a: sum, b, c: sum }
      },
      loss: ({ a, b, c }) => tf.sum(tf.add(tf.mul(a, b), c)),
    })
    const initialState = { a: tf.scalar(2), b: tf.scalar(3), c: tf.scalar(0) }
    const before = tf.memory().numTensors
    const { value, gradient } = await objective.valueAndGradient({ initialState, schedule, stores })
    // a₁₂ = a + 12 b, and the loss is a₁₂ b + a₁₂.
    expect(value).toBe(38 * 3 + 38)
    const { a, b, c } = gradient.initialState
    expect([a, b, c].map((g) => g.dataSync()[0])).toEqual([4, 12 * 4 + 38, 0])
    tf.dispose(gradient)
    expect(tf.memory().numTensors).toBe(before)
  })

  test('functions that write to the trees that they are given', async () => {
    type Pair = { x: tf.Tensor; y: tf.Tensor; k?: tf.Tensor }
    type Rate = { rate: tf.Tensor; a?: tf.Tensor }
    const pure = differentiable({
      ad,
      step: ({ x, y }: Pair, { rate }: Rate): Pair => ({
        x: tf.add(tf.mul(x, rate), tf.sin(y)),
        y: tf.mul(y, rate),
      }),
      loss: ({ x, y }) => tf.sum(tf.mul(x, y)),
    })
    const writing = differentiable({
      ad,
      step(state: Pair, params: Rate): Pair {
        params.a = tf.mul(params.rate, 1)
        state.k = tf.sin(state.y)
        state.x = tf.add(tf.mul(state.x, params.a), state.k)
        state.y = tf.mul(state.y, params.rate)
        return { x: state.x, y: state.y }
      },
      loss(state) {
        state.k = tf.mul(state.x, state.y)
        return tf.sum(state.k)
      },
    })
    const [x, y, rate] = [tf.tensor1d([1, 2]), tf.tensor1d([0.5, 0.25]), tf.scalar(0.9)]
    const before = tf.memory().numTensors
    const [expected, got] = await Promise.all(
      [pure, writing].map(async (objective) => {
        const call = { initialState: { x, y }, params: { rate }, schedule, stores }
        const { value, gradient } = await objective.valueAndGradient(call)
        const { initialState: g, params } = gradient
        return [value, ...[g.x, g.y, params.rate].flatMap((it) => Array.from(it.dataSync()))]
      }),
    )
    expect(got).toEqual(expected)
    expect(tf.memory().numTensors).toBe(before + 6)
  })

  test('tensors that were disposed of: nothing is left', async () => {
    const [x, gone] = [tf.scalar(1), tf.scalar(2)]
    gone.dispose()
    const objective = differentiable({
      ad,
      step: (u: tf.Tensor, p: readonly tf.Tensor[], kept: tf.Tensor) => tf.mul(tf.mul(u, p[0]!), kept),
      loss: (u) => u,
      inputs: () => x,
    })
    const before = tf.memory().numTensors
    const call = { initialState: x, schedule, stores }
    await expect(objective.valueAndGradient({ ...call, params: [x, gone] })).rejects.toThrow(
      'params[1] cannot be used: it was disposed of before.',
    )
    expect(tf.memory().numTensors).toBe(before)
    await expect(objective.valueAndGradient({ ...call, params: [x] })).rejects.toThrow(
      'inputs(1) returned an array that cannot be used: it was disposed of before. Make new arrays each time',
    )
    expect(tf.memory().numTensors).toBe(before - 1) // x itself
  })

  test('variables as parameters', async () => {
    const rate = tf.variable(tf.scalar(0.5))
    const objective = differentiable({
      ad,
      step: (x: tf.Tensor, r: tf.Tensor) => tf.mul(x, r),
      loss: (x) => tf.sum(x),
    })
    const { gradient } = await objective.valueAndGradient({
      initialState: tf.tensor1d([1, 1]),
      params: rate,
      schedule,
      stores,
    })
    expect(gradient.params.dataSync()[0]).toBeCloseTo(2 * 12 * 0.5 ** 11, 6)
  })

  test('the pushforward is the transpose of the pullback', () => {
    const f = (x: tf.Tensor, y: tf.Tensor) => ({ u: tf.mul(tf.sin(x), y), v: tf.sum(tf.mul(x, x)) })
    const run = ad.compile((x: tf.Tensor, y: tf.Tensor, dx: tf.Tensor, dy: tf.Tensor) =>
      ad.jvp(f, [x, y] as const, [dx, dy] as const),
    )
    const { tangent } = run(
      tf.tensor1d([1, 2]),
      tf.tensor1d([3, 4]),
      tf.tensor1d([1, 0.5]),
      tf.tensor1d([0, 1]),
    )
    const [u0, u1] = tangent.u.dataSync()
    expect(u0).toBeCloseTo(3 * Math.cos(1), 5)
    expect(u1).toBeCloseTo(4 * Math.cos(2) * 0.5 + Math.sin(2), 5)
    expect(tangent.v.dataSync()[0]).toBeCloseTo(2 * 1 + 2 * 2 * 0.5, 5)
  })
})

describe('derivatives of derivatives', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu')
    await tf.ready()
  })
  const ad = tfjs(tf)
  const schedule = multistage({ steps: 2, snapshotsInRam: 1 })
  const numbers = [0.3, 0.7, 1.1]
  const along = [1, -0.5, 0.25]
  type Operation = (x: tf.Tensor1D) => tf.Tensor
  const objectiveOf = (operation: Operation) =>
    differentiable({
      ad,
      step: (x: tf.Tensor1D) => tf.mul<tf.Tensor1D>(tf.add(x, operation(x)), 0.5),
      loss: (x) => tf.sum(tf.mul(operation(x), tf.tensor1d([1, 2, 3]))),
    })
  const image = (x: tf.Tensor) => tf.reshape<tf.Rank.R4>(x, [1, 3, 1, 1])

  // TensorFlow.js alone loses those of results that an operation keeps for its gradient, and refuses comparisons.
  test.each<[string, Operation]>([
    ['exp', (x) => tf.exp(x)],
    ['tanh', (x) => tf.tanh(x)],
    ['sigmoid', (x) => tf.sigmoid(x)],
    ['softmax', (x) => tf.softmax(x)],
    ['logSoftmax', (x) => tf.logSoftmax(x)],
    ['logSumExp', (x) => tf.mul(x, tf.logSumExp(x))],
    ['pow', (x) => tf.pow(x, x)],
    ['max', (x) => tf.mul(tf.max(x), x)],
    ['where', (x) => tf.where(tf.greater(x, 0.6), tf.mul(x, tf.square(x)), x)],
    ['selu', (x) => tf.selu(tf.sub(x, 0.8))],
    [
      'a fused product',
      (x) => tf.reshape(tf.fused.matMul({ a: tf.reshape(x, [1, 3]), b: tf.outerProduct(x, x) }), [3]),
    ],
    ['a gradient within', (x) => tf.grad((z: tf.Tensor) => tf.sum(tf.tanh(tf.square(z))))(x)],
    [
      'a gradient of its own',
      tf.customGrad((x, save) => {
        const value = tf.exp(x as tf.Tensor)
        ;(save as tf.GradSaveFunc)([value])
        return { value, gradFunc: (dy: tf.Tensor, [y]: tf.Tensor[]) => tf.mul(dy, y!) }
      }) as Operation,
    ],
  ])('%s', async (_name, operation) => {
    const objective = objectiveOf(operation)
    const gradient = async (h: number) => {
      const initialState = tf.tensor1d(numbers.map((x, i) => x + h * along[i]!))
      const { gradient } = await objective.valueAndGradient({ initialState, schedule })
      return Array.from(await gradient.initialState.data())
    }
    const central = async (h: number) => {
      const [plus, minus] = [await gradient(h), await gradient(-h)]
      return plus.map((g, i) => (g - minus[i]!) / (2 * h))
    }
    const [fine, coarse, first] = [await central(1e-2), await central(2e-2), await gradient(0)]
    const call = { initialState: tf.tensor1d(numbers), direction: { initialState: tf.tensor1d(along) } }
    const before = tf.memory().numTensors
    const { hessianVectorProduct: h, ...result } = await objective.hessianVectorProduct({ ...call, schedule })
    const size = Math.max(...fine.map(Math.abs))
    for (const [i, x] of (await h.initialState.data()).entries())
      expect(Math.abs(x - (4 * fine[i]! - coarse[i]!) / 3) / size).toBeLessThan(2e-3)
    tf.dispose([h, result.gradient])
    const { derivative } = await objective.jvp({ ...call, steps: 2 })
    expect(derivative / first.reduce((sum, g, i) => sum + g * along[i]!, 0)).toBeCloseTo(1, 4)
    expect(tf.memory().numTensors).toBe(before)
  })

  test.each<[string, Operation, string]>([
    [
      'a maximum over windows',
      (x) => tf.reshape(tf.maxPool(image(tf.square(x)), [2, 1], 1, 'same'), [3]),
      'MaxPoolGrad',
    ],
    ['elu', (x) => tf.elu(tf.neg(x)), 'EluGrad'],
    [
      'a gradient that keeps intermediate results',
      (x) => tf.mul(x, tf.losses.softmaxCrossEntropy(tf.tensor1d([0.2, 0.3, 0.5]), x)),
      'softmaxCrossEntropy',
    ],
  ])('%s is refused, where the gradient is not; nothing is left', async (_name, operation, culprit) => {
    const objective = objectiveOf(operation)
    const call = { initialState: tf.tensor1d(numbers), direction: { initialState: tf.tensor1d(along) } }
    const before = tf.memory().numTensors
    tf.dispose((await objective.valueAndGradient({ ...call, schedule })).gradient)
    await expect(objective.hessianVectorProduct({ ...call, schedule })).rejects.toThrow(
      `tfjs: TensorFlow.js cannot differentiate the gradient of an operation in step or losses: it has no derivative for ${culprit}. ` +
        'Use other operations there',
    )
    expect(tf.memory().numTensors).toBe(before)
  })

  test('leave nothing, also after an error or an abort', async () => {
    const initialState = tf.tensor1d(numbers)
    const params = { rate: tf.scalar(0.1), unused: tf.scalar(1) }
    const direction = { params: { rate: tf.scalar(1), unused: tf.scalar(2) } }
    const before = tf.memory().numTensors
    const objective = (fail: () => void) =>
      differentiable({
        ad,
        step(x: tf.Tensor1D, { rate }: typeof params, force: tf.Scalar) {
          fail()
          return tf.add<tf.Tensor1D>(x, tf.mul(tf.mul(rate, tf.tanh(x)), force))
        },
        stepLoss: (x) => tf.sum(tf.square(x)),
        inputs: (n) => tf.scalar(n),
      })
    const steps = 8
    const calls = (fail: () => void, signal?: AbortSignal) => {
      const call = { initialState, params, direction, signal }
      const few = multistage({ steps, snapshotsInRam: 1, snapshotsOnDisk: 1 })
      return [
        () =>
          objective(fail).hessianVectorProduct({ ...call, schedule: few, stores: { DISK: memoryStore() } }),
        () => objective(fail).jvp({ ...call, steps }),
      ]
    }
    for (const [i, run] of calls(() => {}).entries()) {
      const result = await run()
      if ('gradient' in result) tf.dispose([result.gradient, result.hessianVectorProduct] as never)
      for (let failing = 1; failing < (i === 0 ? 48 : 16); failing += 5) {
        const controller = new AbortController()
        let count = 0
        const broken = calls(() => {
          if (++count === failing) throw new Error('enough')
          if (count === failing - 1 && failing % 4 === 3) controller.abort(new Error('enough'))
        }, controller.signal)[i]!
        await expect(broken()).rejects.toThrow('enough')
        expect(tf.memory().numTensors).toBe(before)
      }
    }
  })
})

describe('what is refused', () => {
  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /pass the module: tfjs\(tf\)/],
    ['another module', { grad() {} }, /pass the module/],
    [
      'an old one',
      { ...tf, version_core: '3.21.0' },
      /TensorFlow\.js 3\.21\.0 is too old; install @tensorflow\/tfjs 4\.22 or newer/,
    ],
    [
      'one without gradients',
      { ...tf, getGradient: () => undefined },
      /no gradients are registered.*install @tensorflow\/tfjs/,
    ],
  ])('%s', (_what, module, message) => expect(() => tfjs(module as TensorFlow)).toThrow(message))

  test('no backend', async () => {
    const failing = { ...tf, ready: () => Promise.reject(new Error('no backends')) }
    await expect(tfjs(failing).ready()).rejects.toThrow(/has no backend that works here. Import one/)
  })
})
