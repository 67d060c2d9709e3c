/**
 * A small library for automatic differentiation, strict about owners: an array that is used after its release, or released twice, is an
 * error, and `toy.live` counts owners. Reverse mode by recorded operations, forward mode by dual numbers. The reverse is made of the same
 * operations, so that forward mode differentiates it.
 */
import type { Differentiator } from '../../src/index.js'
import { leavesOf, mapTree } from '../../src/trees.js'

type Dtype = 'float64' | 'int32'

/** What an array was computed from, and what a cotangent of it makes of one of that. */
type From = readonly { readonly x: Toy; readonly pull: (w: Toy) => Toy }[]

export class Toy {
  readonly data: Float64Array
  readonly shape: readonly number[]
  readonly dtype: Dtype
  /** 0: released. `undefined`: made within a compiled function, at whose end it is gone. */
  owners: number | undefined
  readonly from: From
  /** The derivative, in forward mode. */
  dot: Float64Array | undefined

  constructor(
    data: Float64Array,
    shape: readonly number[] = [data.length],
    from: From = [],
    dtype: Dtype = 'float64',
  ) {
    this.data = data
    this.shape = shape
    this.from = from
    this.dtype = dtype
  }

  /** One that depends on this one, number by number; `df` is its derivative in terms of this one. */
  map(f: (x: number) => number, df: (x: Toy) => Toy): Toy {
    this.look()
    const made = new Toy(this.data.map(f), this.shape, [{ x: this, pull: (w) => w.times(df(this)) }])
    if (this.dot !== undefined) {
      const slopes = df(new Toy(this.data, this.shape)).data
      made.dot = this.dot.map((dx, i) => dx * slopes[i]!)
    }
    return made
  }

  /** Number by number, where a single one is repeated. */
  combine(other: Toy, [f, da, db]: Rule, from: From): Toy {
    this.look()
    other.look()
    const isLonger = other.data.length > this.data.length || other.shape.length > this.shape.length
    const like = isLonger ? other : this
    const at = (numbers: Float64Array | undefined, i: number) =>
      numbers === undefined ? 0 : numbers[numbers.length === 1 ? 0 : i]!
    const each = (rule: (i: number) => number) => Float64Array.from(like.data, (_, i) => rule(i))
    const made = new Toy(
      each((i) => f(at(this.data, i), at(other.data, i))),
      like.shape,
      from,
    )
    if (this.dot !== undefined || other.dot !== undefined)
      made.dot = each((i) => {
        const [a, b] = [at(this.data, i), at(other.data, i)]
        return da(a, b) * at(this.dot, i) + db(a, b) * at(other.dot, i)
      })
    return made
  }

  plus(other: Toy): Toy {
    return this.combine(
      other,
      [(a, b) => a + b, () => 1, () => 1],
      [
        { x: this, pull: (w) => w.like(this) },
        { x: other, pull: (w) => w.like(other) },
      ],
    )
  }

  times(other: Toy): Toy {
    return this.combine(
      other,
      [(a, b) => a * b, (_, b) => b, (a) => a],
      [
        { x: this, pull: (w) => w.times(other).like(this) },
        { x: other, pull: (w) => w.times(this).like(other) },
      ],
    )
  }

  scaled(factor: number): Toy {
    return this.map(
      (x) => factor * x,
      (x) =>
        new Toy(
          x.data.map(() => factor),
          x.shape,
        ),
    )
  }

  sin(): Toy {
    return this.map(Math.sin, (x) => x.cos())
  }

  cos(): Toy {
    return this.map(Math.cos, (x) => x.sin().scaled(-1))
  }

  sum(): Toy {
    this.look()
    const total = (numbers: Float64Array) => Float64Array.of(numbers.reduce((a, b) => a + b, 0))
    const spread = (w: Toy) => new Toy(new Float64Array(this.data.length), this.shape).plus(w)
    const made = new Toy(total(this.data), [], [{ x: this, pull: spread }])
    if (this.dot !== undefined) made.dot = total(this.dot)
    return made
  }

  /** A cotangent of what was repeated, added up. */
  like({ data, shape }: Toy): Toy {
    if (data.length === this.data.length && shape.length === this.shape.length) return this
    const { data: sum, from, dot } = this.sum()
    const made = new Toy(sum, shape, from)
    made.dot = dot
    return made
  }

  look(): void {
    if (this.owners === 0) throw new Error('toy: this array was released')
  }
}

/** A function of two numbers, and its derivatives. */
type Rule = readonly [
  f: (a: number, b: number) => number,
  da: (a: number, b: number) => number,
  db: (a: number, b: number) => number,
]

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
    describe(x) {
      x.look()
      return { dtype: x.dtype, shape: x.shape, bytes: x.data.byteLength }
    },
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
      const cotangents = new Map<Toy, Toy>()
      const add = (x: Toy, w: Toy) => cotangents.set(x, cotangents.get(x)?.plus(w) ?? w)
      const ys = leavesOf(toy, value)
      for (const [k, w] of leavesOf(toy, cotangent(value)).entries()) add(ys[k]!, w)
      for (const y of inOrder(ys).toReversed()) {
        const w = cotangents.get(y)
        if (w !== undefined) for (const { x, pull } of y.from) add(x, pull(w))
      }
      return { value, cotangents: mapTree(toy, (x) => cotangents.get(x) ?? like(x, 0), args) }
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
