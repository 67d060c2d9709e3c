/**
 * TensorFlow.js as a differentiator.
 *
 * Its reverse mode differentiates one scalar, so a vector–Jacobian product is the gradient of the pairing Σ <w, f(x)>: one pass for any
 * number of outputs. It has no forward mode: a Jacobian–vector product is the transpose of the transpose, d/dw <vjp(w), t>.
 */
import { type Differentiator, leavesOf, mapTree } from '@checkpoint-schedules/autodiff'
import { CheckpointScheduleError, messageOf, optionError } from '@checkpoint-schedules/core'
import type * as tensorflow from '@tensorflow/tfjs-core'
import { noDerivative, prepareTape } from './tape.js'

/** The module `@tensorflow/tfjs`, or `@tensorflow/tfjs-core` where its gradients are registered. */
export type TensorFlow = Pick<
  typeof tensorflow,
  | 'Tensor'
  | 'add'
  | 'engine'
  | 'getGradient'
  | 'keep'
  | 'mul'
  | 'onesLike'
  | 'ready'
  | 'scalar'
  | 'sum'
  | 'tensor'
  | 'tidy'
  | 'version_core'
  | 'zerosLike'
>

type Tensor = tensorflow.Tensor

const bytesOf: Readonly<Record<string, number>> = { bool: 1, complex64: 8 }

/**
 * The adapter to TensorFlow.js, for `differentiable`.
 *
 * @param tf - `import * as tf from '@tensorflow/tfjs'`; version 4.
 * @throws `INVALID_OPTION`: it is something else, too old, or has no gradients registered.
 * @example
 * ```ts
 * import { differentiable } from '@checkpoint-schedules/autodiff'
 * import { tfjs } from '@checkpoint-schedules/autodiff-tfjs'
 * import { revolve } from '@checkpoint-schedules/revolve'
 * import * as tf from '@tensorflow/tfjs'
 *
 * const objective = differentiable({
 *   ad: tfjs(tf),
 *   step: (x: tf.Tensor, rate: tf.Tensor) => tf.add(x, tf.mul(x, rate)),
 *   loss: (x: tf.Tensor) => tf.sum(x),
 * })
 * const { value, gradient } = await objective.valueAndGradient({
 *   initialState: tf.tensor1d([1, 2]),
 *   params: tf.scalar(0.01),
 *   schedule: revolve({ steps: 100, snapshotsInRam: 5 }),
 * })
 * console.log(value.toFixed(3), (await gradient.params.data())[0]!.toFixed(1)) // 8.114 803.4
 * ```
 */
export function tfjs(tf: TensorFlow): Differentiator<Tensor> {
  check(tf)
  const tensors = { isArray: (value: unknown): value is Tensor => value instanceof tf.Tensor }

  /** The value of `f`, a scalar, and its gradient; `undefined` for what it does not depend on. */
  const gradients = (f: () => Tensor, xs: Tensor[]): (Tensor | undefined)[] => {
    const engine = tf.engine()
    try {
      const recorded = () => {
        const y = f()
        prepareTape(engine.state.activeTape, xs)
        return y
      }
      return engine.gradients(recorded, xs, undefined, true).grads.map((it) => it ?? undefined)
    } catch (error) {
      // The library releases what it has saved for the way back only if it gets there.
      const { state } = engine
      if (state.gradientDepth === 0)
        for (const { saved } of state.activeTape.splice(0)) for (const tensor of saved ?? []) tensor.dispose()
      throw error
    }
  }

  const pairing = (ys: readonly (Tensor | undefined)[], ws: readonly Tensor[]): Tensor =>
    ys.reduce<Tensor>(
      (sum, y, i) => (y === undefined ? sum : tf.add(sum, tf.sum(tf.mul(y, ws[i]!)))),
      tf.scalar(0),
    )

  /** A tensor of its own for each place of the result: an argument, or one that is returned twice, would be released twice. */
  const separate = <T>(args: readonly unknown[], result: T): T => {
    const taken = new Set(leavesOf(tensors, args))
    return mapTree(
      tensors,
      (tensor: Tensor) => {
        const own = taken.has(tensor) ? tensor.clone() : tensor
        taken.add(own)
        return tf.keep(own)
      },
      result,
    )
  }

  /** Arguments of which none was computed from another one: otherwise a derivative by one would include the way through the other. */
  const apart = <T>(args: T): T => mapTree(tensors, (tensor: Tensor) => tensor.clone(), args)

  const like = <T>(trees: T, leaves: readonly (Tensor | undefined)[]): T => {
    let i = 0
    return mapTree(tensors, (tensor: Tensor) => leaves[i++] ?? tf.zerosLike(tensor), trees)
  }

  /** Calls `f` with what keeps a tree beyond the end of the function in which it was made, until `f` has returned. */
  const keeping = <T>(f: (keep: <Tree>(tree: Tree) => Tree) => T): T => {
    const kept: Tensor[] = []
    const keep = (tensor: Tensor) => {
      kept.push(tf.keep(tensor.clone()))
      return kept.at(-1)!
    }
    try {
      return f((tree) => mapTree(tensors, keep, tree))
    } finally {
      for (const tensor of kept) tensor.dispose()
    }
  }

  /** What `f` returns, which differentiates a gradient. */
  const differentiated = <T>(f: () => T): T => {
    try {
      return f()
    } catch (error) {
      const [, operation] = /gradient function not found for (\w+)/.exec(messageOf(error)) ?? []
      throw operation === undefined ? error : noDerivative(operation, error)
    }
  }

  return {
    name: 'tfjs',
    async ready() {
      try {
        await tf.ready()
      } catch (error) {
        throw new CheckpointScheduleError(
          'INVALID_OPTION',
          'tfjs: TensorFlow.js has no backend that works here. Import one, such as @tensorflow/tfjs-backend-wasm, and await ' +
            `tf.setBackend('wasm'). (${messageOf(error)})`,
          { cause: error },
        )
      }
    },
    ...tensors,
    describe({ dtype, shape, size, isDisposed }) {
      if (isDisposed) throw new Error('it was disposed of before')
      return { dtype, shape, bytes: size * (bytesOf[dtype] ?? 4) }
    },
    retain: (tensor) => tf.keep(tensor.clone()),
    release: (tensor) => tensor.dispose(),
    read: async (tensor) => ({ data: await tensor.data(), shape: tensor.shape, dtype: tensor.dtype }),
    readSync: (tensor) => ({ data: tensor.dataSync(), shape: tensor.shape, dtype: tensor.dtype }),
    write: ({ data, shape, dtype }) =>
      tf.keep(tf.tensor(data as Float32Array, [...shape], dtype as tensorflow.DataType)),
    compile:
      (f) =>
      (...args) => {
        let result: ReturnType<typeof f>
        tf.tidy(() => void (result = separate(args, f(...args))))
        return result!
      },
    // Everything in a compiled function is released at its end, and tensors may be used any number of times.
    reuse: (tensor) => tensor,
    add: (a, b) => tf.add(a, b),
    zerosLike: (tensor) => tf.zerosLike(tensor),
    onesLike: (tensor) => tf.onesLike(tensor),
    vjp(f, given, cotangent) {
      const args = apart(given)
      return keeping((keep) => {
        let value: ReturnType<typeof f>
        const leaves = gradients(
          () => {
            const result = f(...args)
            value = keep(result)
            return pairing(leavesOf(tensors, result), leavesOf(tensors, cotangent(result)))
          },
          leavesOf(tensors, args),
        )
        return { value: apart(value!), cotangents: like(args, leaves) }
      })
    },
    jvp(f, given, tangents) {
      const args = apart(given)
      const value = f(...args)
      const anywhere = leavesOf(tensors, value).map((tensor) => tf.onesLike(tensor)) // a transpose is linear
      const transposed = () =>
        gradients(() => pairing(leavesOf(tensors, f(...args)), anywhere), leavesOf(tensors, args))
      const leaves = differentiated(() =>
        gradients(() => pairing(transposed(), leavesOf(tensors, tangents)), anywhere),
      )
      return { value, tangent: like(value, leaves) }
    },
    // φ(x, w) = <w, f(x)> has the cotangents as its gradient by x, and they change along d by the gradient of <grad φ, d>.
    curvature(f, point, direction, cotangent) {
      const { args, weights } = apart(point)
      const [xs, ws] = [leavesOf(tensors, args), leavesOf(tensors, weights)]
      const along = leavesOf(tensors, [direction.args, direction.weights])
      return keeping((keep) => {
        let value: ReturnType<typeof f>
        let first: typeof args | undefined
        const paired = () => {
          const result = f(...args)
          value = keep(result)
          return pairing(leavesOf(tensors, result), leavesOf(tensors, cotangent(result, weights)))
        }
        const slope = () => {
          const leaves = gradients(paired, [...xs, ...ws])
          first = keep(like(args, leaves))
          return pairing(leaves, along)
        }
        const second = differentiated(() => gradients(slope, xs))
        return { value: apart(value!), cotangents: apart(first!), tangents: like(args, second) }
      })
    },
  }
}

function check(tf: TensorFlow): void {
  if (typeof tf?.engine !== 'function' || typeof tf.tidy !== 'function')
    throw optionError('tfjs', "pass the module: tfjs(tf), with import * as tf from '@tensorflow/tfjs'.")
  if (Number.parseInt(tf.version_core, 10) < 4)
    throw optionError(
      'tfjs',
      `TensorFlow.js ${tf.version_core} is too old; install @tensorflow/tfjs 4.22 or newer.`,
    )
  if (tf.getGradient('Multiply') === undefined)
    throw optionError(
      'tfjs',
      'no gradients are registered in this TensorFlow.js. In Node, @tensorflow/tfjs-core has none: install @tensorflow/tfjs, and pass it ' +
        "by import * as tf from '@tensorflow/tfjs'.",
    )
}
