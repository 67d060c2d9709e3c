/** jax-js as a differentiator. Everything is compiled by its `jit`. Each of its functions uses up its arguments, so that a borrowed array is passed as `.ref`. */
import { type Differentiator, leavesOf, mapTree } from '@checkpoint-schedules/autodiff'
import { CheckpointScheduleError, messageOf, optionError } from '@checkpoint-schedules/core'
import type * as library from '@jax-js/jax'

/** The module `@jax-js/jax`. */
export type Jax = typeof library

type Arr = library.Array
type ArrayData = Parameters<typeof library.numpy.array>[0]

/** Scalars by type. */
type Seeds = Record<string, { readonly one: Arr; readonly zero: Arr }>

const bytesOf: Readonly<Record<string, number>> = { float64: 8, float16: 2, bool: 1 }

/**
 * The adapter to jax-js, for `differentiable`.
 *
 * @param jax - `import * as jax from '@jax-js/jax'`; version 0.1.25 or newer.
 * @throws `INVALID_OPTION`: it is something else, or too old.
 * @example
 * ```ts
 * import { differentiable } from '@checkpoint-schedules/autodiff'
 * import { jaxjs } from '@checkpoint-schedules/autodiff-jax'
 * import { revolve } from '@checkpoint-schedules/revolve'
 * import * as jax from '@jax-js/jax'
 *
 * const objective = differentiable({
 *   ad: jaxjs(jax),
 *   step: (x: jax.Array) => x.ref.sub(x.ref.mul(x)),
 *   loss: (x: jax.Array) => x.sum(),
 * })
 * const { value, gradient } = await objective.valueAndGradient({
 *   initialState: jax.numpy.array([0.01, 0.02]),
 *   schedule: revolve({ steps: 100, snapshotsInRam: 5 }),
 * })
 * console.log(value.toFixed(4), (await gradient.initialState.data())[0]!.toFixed(3)) // 0.0116 0.247
 * ```
 */
export function jaxjs(jax: Jax): Differentiator<Arr> {
  check(jax)
  const { numpy: np } = jax
  // What stands for an array while a function is compiled is another subclass of it.
  const Tracer = Object.getPrototypeOf(np.Array) as typeof np.Array
  const isArray = (value: unknown): value is Arr => value instanceof Tracer
  // To jax-js trees with another order of names are others: `mapTree` sorts them.
  const mapped = <T>(tree: T, f: (array: Arr) => Arr): T => mapTree({ isArray }, f, tree)

  // jax-js 0.1.25 computes products of constants wrongly in float64, such as 1 · 0.5 in the gradient of 0.5 x. So 1 and 0 are arguments.
  const seeds: Seeds = {}
  let seedsInside = seeds
  const seedsFor = (args: readonly unknown[]): Seeds => {
    for (const array of leavesOf({ isArray }, args)) {
      const dtype: string = array.dtype
      if (dtype !== 'float64' && dtype !== 'float32') continue
      const Numbers = dtype === 'float64' ? Float64Array : Float32Array
      const scalar = (x: number) => np.array(Numbers.of(x), { shape: [], dtype: dtype as any })
      seeds[dtype] ??= { one: scalar(1), zero: scalar(0) }
    }
    return seeds
  }
  // jax-js 0.1.25 takes one compiled function for another one if they differ only in the type of a constant scalar that they return.
  const withoutLiterals = <T>(tree: T): T =>
    mapped(tree, (array) => {
      const zero = array.shape.length === 0 ? seedsInside[array.dtype]?.zero : undefined
      return zero === undefined ? array : array.add(zero.ref)
    })
  const hosted = (array: Arr, data: ReturnType<Arr['dataSync']>) => ({
    data: data as Float32Array,
    shape: array.shape,
    dtype: array.dtype,
  })
  return {
    name: 'jax-js',
    async ready() {
      const device = jax.defaultDevice()
      const available = await jax.init(device).catch((error: unknown) => messageOf(error))
      if (typeof available !== 'string' && available.includes(device)) return
      throw new CheckpointScheduleError(
        'INVALID_OPTION',
        `jaxjs: the backend ${device} does not work here. Choose another one: await jax.init('wasm'), then jax.defaultDevice('wasm').`,
        { details: { available } },
      )
    },
    isArray,
    describe(array) {
      // What stands for an array while a function is compiled has no count.
      const { dtype, shape, size, refCount } = array as Arr & { readonly refCount?: number }
      if (refCount !== undefined && refCount <= 0)
        throw new Error('it was used up before. Take .ref of it where it is needed again')
      return { dtype, shape, bytes: size * (bytesOf[dtype] ?? 4) }
    },
    retain: (array) => array.ref,
    release: (array) => array.dispose(),
    read: async (array) => hosted(array, await array.ref.data()),
    readSync: (array) => hosted(array, array.ref.dataSync()),
    write: ({ data, shape, dtype }) =>
      np.array(data as ArrayData, { shape: [...shape], dtype: dtype as any }),
    settle: async (arrays) => void (await jax.blockUntilReady([...arrays])),
    compile(f) {
      const compiled = jax.jit((given: Seeds, ...args: any[]) => {
        seedsInside = given
        return withoutLiterals((f as (...args: any[]) => any)(...args))
      })
      const uses = (array: Arr) => array.ref
      return (...args) =>
        compiled(mapped(seedsFor(args), uses), ...mapped(args, uses)) as ReturnType<typeof f>
    },
    reuse: (array) => array.ref,
    add: (a, b) => a.add(b),
    zerosLike: (array) => np.zerosLike(array.ref),
    onesLike: (array) =>
      (array.shape.length === 0 && seedsInside[array.dtype]?.one.ref) || np.onesLike(array.ref),
    vjp(f, args, cotangent) {
      const zeros = mapped(seedsInside, (seed) => seed.ref)
      const taped = (seeds: Seeds, ...xs: any[]) => {
        const added = (array: Arr) => {
          const zero = seeds[array.dtype]?.zero
          return zero === undefined ? array.reshape(array.shape) : array.add(zero.ref)
        }
        return mapped((f as (...xs: any[]) => any)(...xs), added)
      }
      const [value, pull] = jax.vjp(taped, [zeros, ...args] as any)
      const [ofZeros, ...cotangents] = pull(cotangent(value) as any) as unknown as [Seeds, ...Arr[]]
      pull.dispose()
      mapped(ofZeros, (array) => (array.dispose(), array))
      return { value, cotangents: cotangents as unknown as typeof args }
    },
    jvp(f, args, tangents) {
      const [value, tangent] = jax.jvp(f as (...args: any[]) => any, args as any, tangents as any)
      return { value, tangent }
    },
  }
}

const needed = ['jit', 'vjp', 'jvp', 'init', 'defaultDevice', 'blockUntilReady'] as const

function check(jax: Jax): void {
  if (typeof jax !== 'object' || jax === null || typeof jax.numpy?.Array !== 'function')
    throw optionError('jaxjs', "pass the module: jaxjs(jax), with import * as jax from '@jax-js/jax'.")
  const missing = needed.find((name) => typeof jax[name] !== 'function')
  if (missing !== undefined)
    throw optionError(
      'jaxjs',
      `this jax-js is too old, it has no ${missing}; install @jax-js/jax 0.1.25 or newer.`,
    )
}
