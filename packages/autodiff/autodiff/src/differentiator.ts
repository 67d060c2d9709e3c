/** What a library for automatic differentiation must offer: arrays that never change, functions of them, and their derivatives. */
import type { Awaitable, TypedArray } from '@checkpoint-schedules/model'

/** A tree whose leaves are arrays `X` of a library: an array, or lists and plain objects of trees. */
export type ArrayTree<X> = X | readonly ArrayTree<X>[] | { readonly [name: string]: ArrayTree<X> }

/** An array in the memory of the host. */
export interface HostArray {
  readonly data: TypedArray
  readonly shape: readonly number[]
  /** As the library names it, such as `float32`. */
  readonly dtype: string
}

/**
 * An adapter to a library, for `differentiable`: `tfjs(tf)` of `autodiff-tfjs`, `jaxjs(jax)` of `autodiff-jax`, or your own.
 *
 * Arrays never change, and each has owners that release it. `compile` borrows its arguments; **within** a function that it compiles, an
 * array is used up by whatever takes it, and `reuse` gives another use of it.
 */
export interface Differentiator<X> {
  /** For messages, such as `tfjs`. */
  readonly name: string
  /** Waits until arrays can be made. @throws If the library has no backend. */
  ready(): Awaitable<void>

  // Arrays.
  /** Whether the value is an array, or what stands for one within a compiled function. */
  isArray(value: unknown): value is X
  /** Its type and shape. @throws If it was released; the message says what to do. */
  describe(array: X): { readonly dtype: string; readonly shape: readonly number[]; readonly bytes: number }
  /** Another owner of the same array. */
  retain(array: X): X
  /** One owner less. */
  release(array: X): void
  /** Its content; the array stays. On a GPU this waits for the device. */
  read(array: X): Awaitable<HostArray>
  /** The same as `read`, at once. @throws Where the backend cannot. */
  readSync(array: X): HostArray
  /** A new array. */
  write(array: HostArray): X
  /** Waits until these arrays are computed, so that work that is queued does not pile up. Not needed where work is never queued. */
  settle?(arrays: readonly X[]): Awaitable<void>

  // Functions of trees of arrays.
  /** The function as it is called: it borrows its arguments, and the caller owns the result. Everything in between is released. */
  compile<Args extends readonly unknown[], Result>(f: (...args: Args) => Result): (...args: Args) => Result

  // Within a compiled function.
  /** Another use of the same array. */
  reuse(array: X): X
  /** a + b */
  add(a: X, b: X): X
  /** Zeros of the same type and shape; the array stays. */
  zerosLike(array: X): X
  /** Ones of the same type and shape; the array stays. */
  onesLike(array: X): X
  /**
   * The vector–Jacobian product: f at `args`, and what the cotangent of its value makes of each of `args`. `cotangent` is made from the value,
   * which it may look at.
   */
  vjp<Args extends readonly unknown[], Result>(
    f: (...args: Args) => Result,
    args: Args,
    cotangent: (value: Result) => Result,
  ): { readonly value: Result; readonly cotangents: Args }
  /** The Jacobian–vector product: f at `args`, and its derivative along `tangents`. */
  jvp<Args extends readonly unknown[], Result>(
    f: (...args: Args) => Result,
    args: Args,
    tangents: Args,
  ): { readonly value: Result; readonly tangent: Result }
  /**
   * How a vector–Jacobian product changes: f at `point.args`, the `cotangents` that `vjp` gives there, and the derivative of these along
   * `direction`. The cotangent of the value is made from the value, of which it takes types and shapes only, and from `weights`, in which it
   * is linear.
   *
   * Left out, it is the `jvp` of the `vjp`. For libraries in which that is impossible, or too expensive.
   */
  curvature?<Args extends readonly unknown[], Weights, Result>(
    f: (...args: Args) => Result,
    point: { readonly args: Args; readonly weights: Weights },
    direction: { readonly args: Args; readonly weights: Weights },
    cotangent: (value: Result, weights: Weights) => Result,
  ): { readonly value: Result; readonly cotangents: Args; readonly tangents: Args }
}
