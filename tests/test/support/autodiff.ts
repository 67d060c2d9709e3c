/** The models of `@checkpoint-schedules/models` and others, written once for each library, with numbers in and numbers out. */
import { differentiable, type Differentiator, type Objective } from '@checkpoint-schedules/autodiff'
import { jaxjs } from '@checkpoint-schedules/autodiff-jax'
import { tfjs } from '@checkpoint-schedules/autodiff-tfjs'

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

/** Operations in both libraries; in jax-js each use of an array takes a `.ref`. */
interface Operations {
  add(a: any, b: any): any
  sub(a: any, b: any): any
  mul(a: any, b: any): any
  sum(a: any): any
}
const inTensorFlow: Operations = {
  add: (a, b) => tf.add(a, b),
  sub: (a, b) => tf.sub(a, b),
  mul: (a, b) => tf.mul(a, b),
  sum: (a) => tf.sum(a),
}
const inJax: Operations = {
  add: (a, b) => a.ref.add(b.ref),
  sub: (a, b) => a.ref.sub(b.ref),
  mul: (a, b) => a.ref.mul(b.ref),
  sum: (a) => a.ref.sum(),
}

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

/**
 * Lorenz-63 by Euler's method, with a misfit to observations at each step and a loss at the end; three parameters.
 *
 * @param onInput - Called whenever the input of a step is made.
 */
export function lorenz(
  setting: Setting,
  onInput: () => void = () => {},
): Objective<any, Lorenz<any>, LorenzParams<any>, any> {
  const { add, sub, mul, sum } = setting.name.startsWith('tfjs') ? inTensorFlow : inJax
  const [h, half] = [array(setting, [dt]), array(setting, [0.5])]
  return differentiable({
    ad: setting.ad,
    step({ x, y, z }: Lorenz<any>, { sigma, rho, beta }: LorenzParams<any>) {
      return {
        x: add(x, mul(h, mul(sigma, sub(y, x)))),
        y: add(y, mul(h, sub(mul(x, sub(rho, z)), y))),
        z: add(z, mul(h, sub(mul(x, y), mul(beta, z)))),
      }
    },
    stepLoss({ x, z }, _params, data: { x: any; z: any }) {
      const [dx, dz] = [sub(x, data.x), sub(z, data.z)]
      return sum(mul(half, add(mul(dx, dx), mul(dz, dz))))
    },
    loss: ({ y }, { rho }) => sum(mul(rho, mul(y, y))),
    inputs(n) {
      onInput()
      const [x, z] = observed(n)
      return { x: array(setting, [x]), z: array(setting, [z]) }
    },
  })
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
