/** The models of `@checkpoint-schedules/models` and others, written once for each library, with numbers in and numbers out. */
import { differentiable, type Differentiator, type Objective } from '@checkpoint-schedules/autodiff'
import { jaxjs } from '@checkpoint-schedules/autodiff-jax'
import { tfjs } from '@checkpoint-schedules/autodiff-tfjs'

// Node 20 has none, and jax-js asks for it when it is given doubles.
;(globalThis as { Float16Array?: unknown }).Float16Array ??= class {}

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
