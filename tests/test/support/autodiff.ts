/** The models of `@checkpoint-schedules/models` and others, written once for each library, with numbers in and numbers out. */
import { differentiable, type Differentiator, type Objective } from '@checkpoint-schedules/autodiff'
import { jaxjs } from '@checkpoint-schedules/autodiff-jax'
import { tfjs } from '@checkpoint-schedules/autodiff-tfjs'
import { type Hyper, hyper, type Operations, size, truthOf } from './random-models.js'

// Node 20 has none, and jax-js asks for it when it is given doubles.
;(globalThis as { Float16Array?: unknown }).Float16Array ??= function () {}

const jax = await import('@jax-js/jax')
const tf = await import('@tensorflow/tfjs')
await import('@tensorflow/tfjs-backend-wasm')

export { jax, tf }

/** A library, a backend and a precision. */
export interface Setting {
  readonly name: string
  readonly ad: Differentiator<any>
  readonly isDouble: boolean
  readonly use: () => Promise<void>
}

const tfSetting = (backend: string): Setting => ({
  name: `tfjs ${backend}`,
  ad: tfjs(tf),
  isDouble: false,
  async use() {
    await tf.setBackend(backend)
    await tf.ready()
  },
})
const jaxSetting = (backend: 'cpu' | 'wasm', isDouble: boolean): Setting => ({
  name: `jax-js ${backend} ${isDouble ? 'float64' : 'float32'}`,
  ad: jaxjs(jax),
  isDouble,
  async use() {
    await jax.init(backend)
    jax.defaultDevice(backend)
  },
})

/** All that run in Node. */
export const settings: readonly Setting[] = [
  tfSetting('cpu'),
  tfSetting('wasm'),
  jaxSetting('wasm', false),
  jaxSetting('wasm', true),
  jaxSetting('cpu', true),
]

/** A new array of the setting's precision. */
export function array({ ad, isDouble }: Setting, numbers: ArrayLike<number>, shape = [numbers.length]): any {
  const data = isDouble ? Float64Array.from(numbers) : Float32Array.from(numbers)
  return ad.write({ data, shape, dtype: isDouble ? 'float64' : 'float32' })
}

/** The numbers of an array, which is released. */
export async function numbers({ ad }: Setting, x: unknown): Promise<number[]> {
  const { data } = await ad.read(x)
  ad.release(x)
  return Array.from(data as Float64Array)
}

/** Burgers' equation as in `burgers1d`: the state is u, the parameters are its two numbers a = Δt / 4Δx and b = νΔt / Δx². */
export function burgers(
  setting: Setting,
  points: number,
): Objective<any, any, { a: any; b: any }, readonly []> {
  const spacing = 1 / (points + 1)
  if (setting.name.startsWith('tfjs'))
    return differentiable({
      ad: setting.ad,
      step(u, { a, b }: { a: any; b: any }) {
        const wide = tf.pad(u, [[1, 1]])
        const [left, right] = [tf.slice(wide, [0], [points]), tf.slice(wide, [2], [points])]
        const advected = tf.mul(a, tf.sub(tf.square(right), tf.square(left)))
        const diffused = tf.mul(b, tf.add(tf.sub(right, tf.mul(u, tf.scalar(2))), left))
        return tf.add(tf.sub(u, advected), diffused)
      },
      loss: (u) => tf.mul(tf.sum(tf.square(u)), tf.scalar(0.5 * spacing)),
    })
  const { numpy: np } = jax
  const [two, half] = [array(setting, [2]), array(setting, [0.5 * spacing])]
  return differentiable({
    ad: setting.ad,
    step(u, { a, b }: { a: any; b: any }) {
      const wide = np.pad(u.ref, [[1, 1]])
      const [left, right] = [wide.ref.slice([0, points]), wide.slice([2, points + 2])]
      const advected = a.mul(np.square(right.ref).sub(np.square(left.ref)))
      const diffused = b.mul(right.sub(u.ref.mul(two.ref)).add(left))
      return u.sub(advected).add(diffused)
    },
    loss: (u) => np.square(u).mul(half.ref).sum(),
  })
}

/** Operations in each library; in jax-js each use of an array takes a `.ref`. */
export const operationsOf = (setting: Setting): Operations<any> =>
  setting.name.startsWith('tfjs') ? inTensorFlow : inJax(setting)

const inTensorFlow: Operations<any> = {
  add: (a, b) => tf.add(a, b),
  sub: (a, b) => tf.sub(a, b),
  mul: (a, b) => tf.mul(a, b),
  scale: (a, by) => tf.mul(a, by),
  shift: (a, by) => tf.add(a, by),
  neg: (a) => tf.neg(a),
  square: (a) => tf.square(a),
  reciprocal: (a) => tf.reciprocal(a),
  sqrt: (a) => tf.sqrt(a),
  sin: (a) => tf.sin(a),
  exp: (a) => tf.exp(a),
  tanh: (a) => tf.tanh(a),
  max: (a, b) => tf.maximum(a, b),
  sum: (a) => tf.sum(a),
  mean: (a) => tf.mean(a),
  turn: (a) => tf.concat([tf.slice(a, [1]), tf.slice(a, [0], [1])]),
  first: (a) => tf.reshape(tf.slice(a, [0], [1]), []),
  spread: (a) => tf.tile(tf.reshape(a, [1]), [size]),
  constant: (...numbers) => (numbers.length === 1 ? tf.scalar(numbers[0]!) : tf.tensor1d(numbers)),
}
const { numpy } = jax
const inJax = (setting: Setting): Operations<any> => ({
  add: (a, b) => a.ref.add(b.ref),
  sub: (a, b) => a.ref.sub(b.ref),
  mul: (a, b) => a.ref.mul(b.ref),
  scale: (a, by) => a.ref.mul(by),
  shift: (a, by) => a.ref.add(by),
  neg: (a) => a.ref.neg(),
  square: (a) => numpy.square(a.ref),
  reciprocal: (a) => numpy.reciprocal(a.ref),
  sqrt: (a) => numpy.sqrt(a.ref),
  sin: (a) => numpy.sin(a.ref),
  exp: (a) => numpy.exp(a.ref),
  tanh: (a) => numpy.tanh(a.ref),
  max: (a, b) => numpy.maximum(a.ref, b.ref),
  sum: (a) => a.ref.sum(),
  mean: (a) => a.ref.mean(),
  turn: (a) => numpy.concatenate([a.ref.slice([1, a.shape[0]]), a.ref.slice([0, 1])]),
  first: (a) => a.ref.slice([0, 1]).reshape([]),
  spread: (a) => numpy.broadcastTo(a.ref, [size]),
  constant: (...numbers) => array(setting, numbers, numbers.length === 1 ? [] : [numbers.length]),
})

export interface Lorenz<X> {
  readonly x: X
  readonly y: X
  readonly z: X
}
export interface LorenzParams<X> {
  readonly sigma: X
  readonly rho: X
  readonly beta: X
}

const dt = 0.005
/** What was observed of x and z at the end of step n. */
export const observed = (n: number) => [Math.sin(0.1 * n), 25 + Math.cos(0.2 * n)] as const

/** What Lorenz-63 needs of a library; h and half are the arrays of the time step and of 0.5. */
type LorenzOperations<X> = Pick<Operations<X>, 'add' | 'sub' | 'mul' | 'sum'>

/** Lorenz-63 by Euler's method, with a misfit to observations at each step and a loss at the end; three parameters. */
export function lorenzModel<X>({ add, sub, mul, sum }: LorenzOperations<X>, h: X, half: X) {
  return {
    step({ x, y, z }: Lorenz<X>, { sigma, rho, beta }: LorenzParams<X>): Lorenz<X> {
      return {
        x: add(x, mul(h, mul(sigma, sub(y, x)))),
        y: add(y, mul(h, sub(mul(x, sub(rho, z)), y))),
        z: add(z, mul(h, sub(mul(x, y), mul(beta, z)))),
      }
    },
    stepLoss({ x, z }: Lorenz<X>, _params: LorenzParams<X>, data: { readonly x: X; readonly z: X }): X {
      const [dx, dz] = [sub(x, data.x), sub(z, data.z)]
      return sum(mul(half, add(mul(dx, dx), mul(dz, dz))))
    },
    loss: ({ y }: Lorenz<X>, { rho }: LorenzParams<X>): X => sum(mul(rho, mul(y, y))),
  }
}

/** @param onInput - Called whenever the input of a step is made. */
export function lorenz(
  setting: Setting,
  onInput: () => void = () => {},
): Objective<any, Lorenz<any>, LorenzParams<any>, any> {
  const [h, half] = [array(setting, [dt]), array(setting, [0.5])]
  return differentiable<any, Lorenz<any>, LorenzParams<any>, any>({
    ad: setting.ad,
    ...lorenzModel(operationsOf(setting), h, half),
    inputs(n) {
      onInput()
      const [x, z] = observed(n)
      return { x: array(setting, [x]), z: array(setting, [z]) }
    },
  })
}

const names = ['x', 'y', 'z', 'sigma', 'rho', 'beta'] as const

/** Its value and derivatives by the names of `lorenzStart`, along a direction, in hyper-dual numbers. */
export function lorenzTruth(direction: typeof lorenzStart, steps: number) {
  const model = lorenzModel<readonly Hyper[]>(hyper, hyper.constant(dt), hyper.constant(0.5))
  return truthOf(
    names.map((name) => lorenzStart[name]),
    names.map((name) => direction[name]),
    ([x, y, z, sigma, rho, beta]) => {
      let state: Lorenz<readonly Hyper[]> = { x: [x!], y: [y!], z: [z!] }
      const params = { sigma: [sigma!], rho: [rho!], beta: [beta!] }
      let sum: readonly Hyper[] = hyper.constant(0)
      for (let n = 0; n < steps; n++) {
        state = model.step(state, params)
        const [ox, oz] = observed(n)
        sum = hyper.add(sum, model.stepLoss(state, params, { x: hyper.constant(ox), z: hyper.constant(oz) }))
      }
      return hyper.add(sum, model.loss(state, params))[0]!
    },
  )
}

export const lorenzStart = { x: 1, y: -2, z: 20, sigma: 10, rho: 28, beta: 8 / 3 }

/** Arrays of numbers. */
export function lorenzPoint(setting: Setting, { x, y, z, sigma, rho, beta } = lorenzStart) {
  const one = (number: number) => array(setting, [number])
  return {
    initialState: { x: one(x), y: one(y), z: one(z) },
    params: { sigma: one(sigma), rho: one(rho), beta: one(beta) },
  }
}

/** The same with an adjoint written by hand, in doubles: value and gradient, of the data as well. */
export function lorenzByHand(steps: number) {
  const { sigma, rho, beta } = lorenzStart
  const states = [lorenzStart as Lorenz<number>]
  let value = 0
  for (let n = 0; n < steps; n++) {
    const { x, y, z } = states[n]!
    const next = {
      x: x + dt * sigma * (y - x),
      y: y + dt * (x * (rho - z) - y),
      z: z + dt * (x * y - beta * z),
    }
    const [ox, oz] = observed(n)
    value += 0.5 * ((next.x - ox) ** 2 + (next.z - oz) ** 2)
    states.push(next)
  }
  const end = states[steps]!
  value += rho * end.y ** 2
  let a = { x: 0, y: 2 * rho * end.y, z: 0 }
  const g = { sigma: 0, rho: end.y ** 2, beta: 0 }
  const byData: { x: number; z: number }[] = []
  for (let n = steps - 1; n >= 0; n--) {
    const [{ x, y, z }, next, [ox, oz]] = [states[n]!, states[n + 1]!, observed(n)]
    a = { x: a.x + (next.x - ox), y: a.y, z: a.z + (next.z - oz) }
    byData[n] = { x: -(next.x - ox), z: -(next.z - oz) }
    g.sigma += dt * (y - x) * a.x
    g.rho += dt * x * a.y
    g.beta -= dt * z * a.z
    a = {
      x: a.x * (1 - dt * sigma) + a.y * dt * (rho - z) + a.z * dt * y,
      y: a.x * dt * sigma + a.y * (1 - dt) + a.z * dt * x,
      z: -a.y * dt * x + a.z * (1 - dt * beta),
    }
  }
  return { value, gradient: { ...a, ...g }, byData }
}
