/**
 * A small library for automatic differentiation, strict about owners: an array that is used after its release, or released twice, is an
 * error, and `toy.live` counts owners. Reverse mode by recorded operations, forward mode by dual numbers.
 */
import type { Differentiator } from '../../src/index.js'
import { leavesOf, mapTree } from '../../src/trees.js'

type Dtype = 'float64' | 'int32'

export class Toy {
  readonly data: Float64Array
  readonly shape: readonly number[]
  readonly dtype: Dtype
  /** 0: released. `undefined`: made within a compiled function, at whose end it is gone. */
  owners: number | undefined
  /** How this was computed, for the reverse mode. */
  readonly from: readonly { readonly x: Toy; readonly pull: (w: number, i: number) => number }[]
  /** The derivative, in forward mode. */
  dot: Float64Array | undefined

  constructor(
    data: Float64Array,
    shape: readonly number[] = [data.length],
    from: Toy['from'] = [],
    dtype: Dtype = 'float64',
  ) {
    this.data = data
    this.shape = shape
    this.from = from
    this.dtype = dtype
  }

  /** One that depends on other arrays, number by number; a scalar operand is repeated. */
  static map(f: (...xs: number[]) => number, df: ((...xs: number[]) => number)[], ...xs: Toy[]): Toy {
    for (const x of xs) x.look()
    const longest = xs.reduce((a, b) =>
      b.data.length > a.data.length || b.shape.length > a.shape.length ? b : a,
    )
    const at = (i: number) => xs.map(({ data }) => (data.length === 1 ? data[0]! : data[i]!))
    const data = Float64Array.from(longest.data, (_, i) => f(...at(i)))
    const from = xs.map((x, k) => ({ x, pull: (w: number, i: number) => w * df[k]!(...at(i)) }))
    const made = new Toy(data, longest.shape, from)
    if (xs.some(({ dot }) => dot !== undefined))
      made.dot = data.map((_, i) =>
        xs.reduce(
          (sum, { dot }, k) =>
            sum + (dot === undefined ? 0 : df[k]!(...at(i)) * dot[dot.length === 1 ? 0 : i]!),
          0,
        ),
      )
    return made
  }

  plus(other: Toy): Toy {
    return Toy.map((a, b) => a + b, [() => 1, () => 1], this, other)
  }

  times(other: Toy): Toy {
    return Toy.map((a, b) => a * b, [(_, b) => b, (a) => a], this, other)
  }

  scaled(factor: number): Toy {
    return Toy.map((a) => a * factor, [() => factor], this)
  }

  sin(): Toy {
    return Toy.map(Math.sin, [Math.cos], this)
  }

  sum(): Toy {
    this.look()
    const total = (numbers: Float64Array) => Float64Array.of(numbers.reduce((a, b) => a + b, 0))
    const made = new Toy(total(this.data), [], [{ x: this, pull: (w) => w }])
    if (this.dot !== undefined) made.dot = total(this.dot)
    return made
  }

  look(): void {
    if (this.owners === 0) throw new Error('toy: this array was released')
  }
}

export interface ToyLibrary extends Differentiator<Toy> {
  /** Owners of arrays. */
  live: number
  /** Most bytes that were alive. */
  peakBytes: number
  /** Reads, to see how often a run waits. */
  reads: number
  array(...numbers: number[]): Toy
  scalar(number: number): Toy
}

/** @param isAsync - Whether reading takes a turn of the event loop, as on a GPU. */
export function toyLibrary({ isAsync = false } = {}): ToyLibrary {
  let bytes = 0
  const own = (made: Toy): Toy => {
    toy.live += 1
    if (made.owners === undefined) bytes += 8 * made.data.length
    made.owners = (made.owners ?? 0) + 1
    toy.peakBytes = Math.max(toy.peakBytes, bytes)
    return made
  }
  const host = (x: Toy) => {
    x.look()
    return { data: x.data.slice(), shape: x.shape, dtype: x.dtype }
  }
  const like = (x: Toy, value: number) => new Toy(new Float64Array(x.data.length).fill(value), x.shape)
  const toy: ToyLibrary = {
    name: 'toy',
    live: 0,
    peakBytes: 0,
    reads: 0,
    ready() {},
    array: (...numbers) => own(new Toy(Float64Array.from(numbers))),
    scalar: (number) => own(new Toy(Float64Array.of(number), [])),
    isArray: (value): value is Toy => value instanceof Toy,
    describe: ({ dtype, shape, data }) => ({ dtype, shape, bytes: data.byteLength }),
    retain(x) {
      x.look()
      return own(x)
    },
    release(x) {
      x.look()
      if (x.owners === undefined) return
      x.owners -= 1
      toy.live -= 1
      if (x.owners === 0) bytes -= 8 * x.data.length
    },
    read(x) {
      toy.reads += 1
      return isAsync ? new Promise((resolve) => setTimeout(() => resolve(host(x)))) : host(x)
    },
    readSync: host,
    write: ({ data, shape, dtype }) =>
      own(new Toy(Float64Array.from(data as Float64Array), shape, [], dtype as Dtype)),
    compile:
      (f) =>
      (...args) => {
        const inside = mapTree(toy, ({ data, shape, dtype }) => new Toy(data, shape, [], dtype), args)
        for (const x of leavesOf(toy, args)) x.look()
        return mapTree(
          toy,
          ({ data, shape, dtype }) => own(new Toy(data.slice(), shape, [], dtype)),
          f(...inside),
        )
      },
    reuse: (x) => x,
    add: (a, b) => a.plus(b),
    zerosLike: (x) => like(x, 0),
    onesLike: (x) => like(x, 1),
    vjp(f, args, cotangent) {
      const value = f(...args)
      const cotangents = new Map<Toy, Float64Array>()
      const ws = leavesOf(toy, cotangent(value))
      const add = (x: Toy, i: number, w: number) => {
        if (!cotangents.has(x)) cotangents.set(x, new Float64Array(x.data.length))
        cotangents.get(x)![x.data.length === 1 ? 0 : i]! += w
      }
      for (const [k, y] of leavesOf(toy, value).entries()) ws[k]!.data.forEach((w, i) => add(y, i, w))
      for (const y of inOrder(leavesOf(toy, value)).toReversed()) {
        const w = cotangents.get(y)
        if (w === undefined) continue
        for (const { x, pull } of y.from) {
          const count = Math.max(w.length, x.data.length)
          for (let i = 0; i < count; i++) add(x, i, pull(w[w.length === 1 ? 0 : i]!, i))
        }
      }
      const gradients = mapTree(
        toy,
        (x) => new Toy(cotangents.get(x) ?? new Float64Array(x.data.length), x.shape),
        args,
      )
      return { value, cotangents: gradients }
    },
    jvp(f, args, tangents) {
      const dots = leavesOf(toy, tangents)
      leavesOf(toy, args).forEach((x, k) => (x.dot = dots[k]!.data))
      const value = f(...args)
      return {
        value,
        tangent: mapTree(toy, (y) => new Toy(y.dot ?? new Float64Array(y.data.length), y.shape), value),
      }
    },
  }
  return toy
}

/** Every array before those that depend on it. */
function inOrder(values: readonly Toy[]): Toy[] {
  const seen = new Set<Toy>()
  const visit = (x: Toy): void => {
    if (seen.has(x)) return
    for (const { x: before } of x.from) visit(before)
    seen.add(x)
  }
  for (const value of values) visit(value)
  return [...seen]
}
