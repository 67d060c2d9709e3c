/** Random models, run in each library and in hyper-dual numbers: a truth that knows nothing of either library. */
import * as fc from 'fast-check'

/** A number with its derivatives along two directions, and the second one along both. */
export type Hyper = readonly [x: number, d: number, e: number, de: number]

/** Arrays as operations see them; `shape` is that of the truth. */
export interface Operations<X> {
  add(a: X, b: X): X
  sub(a: X, b: X): X
  mul(a: X, b: X): X
  /** Times a number. */
  scale(a: X, by: number): X
  /** Plus a number. */
  shift(a: X, by: number): X
  neg(a: X): X
  square(a: X): X
  reciprocal(a: X): X
  sqrt(a: X): X
  sin(a: X): X
  exp(a: X): X
  tanh(a: X): X
  max(a: X, b: X): X
  sum(a: X): X
  mean(a: X): X
  /** The vector turned by one. */
  turn(a: X): X
  /** The first element, as a scalar. */
  first(a: X): X
  /** A vector of this scalar. */
  spread(a: X): X
  /** An array from outside: a scalar, or a vector. */
  constant(...numbers: number[]): X
}

export const size = 3

/** A function of one number, with its derivatives. */
const unary =
  (f: (x: number) => number, df: (x: number) => number, ddf: (x: number) => number) =>
  (a: readonly Hyper[]): Hyper[] =>
    a.map(([x, d, e, de]) => [f(x), df(x) * d, df(x) * e, df(x) * de + ddf(x) * d * e])

type Pairing = (a: Hyper, b: Hyper) => Hyper
const pairwise = (f: Pairing) => (a: readonly Hyper[], b: readonly Hyper[]) =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) =>
    f(a[a.length === 1 ? 0 : i]!, b[b.length === 1 ? 0 : i]!),
  )
const plus: Pairing = (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]]
const times: Pairing = (a, b) => [
  a[0] * b[0],
  a[1] * b[0] + a[0] * b[1],
  a[2] * b[0] + a[0] * b[2],
  a[3] * b[0] + a[1] * b[2] + a[2] * b[1] + a[0] * b[3],
]
const real = (x: number): Hyper => [x, 0, 0, 0]
const total = (a: readonly Hyper[]) => [a.reduce(plus, real(0))]
const linear = (factor: number, offset = 0) =>
  unary(
    (x) => factor * x + offset,
    () => factor,
    () => 0,
  )

/** Two numbers of which the larger one is wanted are equal. */
export class NoDerivative extends Error {}

/** The truth. A scalar is a vector of one. */
export const hyper: Operations<readonly Hyper[]> = {
  add: pairwise(plus),
  sub: pairwise((a, b) => plus(a, times(real(-1), b))),
  mul: pairwise(times),
  scale: (a, by) => linear(by)(a),
  shift: (a, by) => linear(1, by)(a),
  neg: linear(-1),
  square: unary(
    (x) => x * x,
    (x) => 2 * x,
    () => 2,
  ),
  reciprocal: unary(
    (x) => 1 / x,
    (x) => -1 / x ** 2,
    (x) => 2 / x ** 3,
  ),
  sqrt: unary(
    Math.sqrt,
    (x) => 0.5 / Math.sqrt(x),
    (x) => -0.25 / Math.sqrt(x) ** 3,
  ),
  sin: unary(Math.sin, Math.cos, (x) => -Math.sin(x)),
  exp: unary(Math.exp, Math.exp, Math.exp),
  tanh: unary(
    Math.tanh,
    (x) => 1 - Math.tanh(x) ** 2,
    (x) => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2),
  ),
  max: pairwise((a, b) => {
    if (Math.abs(a[0] - b[0]) < 1e-3) throw new NoDerivative()
    return a[0] > b[0] ? a : b
  }),
  sum: total,
  mean: (a) => linear(1 / a.length)(total(a)),
  turn: (a) => [...a.slice(1), a[0]!],
  first: (a) => [a[0]!],
  spread: (a) => Array.from({ length: size }, () => a[0]!),
  constant: (...numbers) => numbers.map(real),
}

/** One operation: of which values it is, by number modulo how many there are. */
export type Instruction = readonly [name: number, a: number, b: number, c: number]

/** The operations by kind of result and operands: v for vectors, s for scalars. */
const kinds = [
  ['add', 'v', 'v', 'v'],
  ['add', 'v', 's', 'v'],
  ['add', 's', 's', 's'],
  ['sub', 'v', 'v', 'v'],
  ['sub', 's', 'v', 'v'],
  ['sub', 's', 's', 's'],
  ['mul', 'v', 'v', 'v'],
  ['mul', 's', 'v', 'v'],
  ['mul', 's', 's', 's'],
  ['scale', 'v', '', 'v'],
  ['scale', 's', '', 's'],
  ['shift', 'v', '', 'v'],
  ['shift', 's', '', 's'],
  ['neg', 'v', '', 'v'],
  ['neg', 's', '', 's'],
  ['square', 'v', '', 'v'],
  ['square', 's', '', 's'],
  ['inverse', 'v', '', 'v'],
  ['inverse', 's', '', 's'],
  ['root', 'v', '', 'v'],
  ['root', 's', '', 's'],
  ['sin', 'v', '', 'v'],
  ['sin', 's', '', 's'],
  ['exp', 'v', '', 'v'],
  ['exp', 's', '', 's'],
  ['tanh', 'v', '', 'v'],
  ['tanh', 's', '', 's'],
  ['max', 'v', 'v', 'v'],
  ['max', 's', 's', 's'],
  ['sum', 'v', '', 's'],
  ['mean', 'v', '', 's'],
  ['turn', 'v', '', 'v'],
  ['first', 'v', '', 's'],
  ['spread', 's', '', 'v'],
  ['number', '', '', 's'],
  ['numbers', '', '', 'v'],
] as const

/** Vectors and scalars that a program has so far. */
interface Values<X> {
  readonly v: X[]
  readonly s: X[]
}

/** Runs a program: what it computes is added to the values. Everything stays of the size of 1. */
export function run<X>(
  ops: Operations<X>,
  instructions: readonly Instruction[],
  values: Values<X>,
): Values<X> {
  const all: Values<X> = { v: [...values.v], s: [...values.s] }
  for (const [name, i, j, k] of instructions) {
    const [op, left, right, result] = kinds[name % kinds.length]!
    const number = ((k % 7) - 3) / 4
    const pick = (kind: '' | 'v' | 's', at: number) => {
      const list = kind === 's' ? all.s : all.v
      return list[at % list.length]!
    }
    if ((left !== '' && all[left].length === 0) || (right !== '' && all[right].length === 0)) continue
    const [a, b] = [pick(left, i), pick(right, j)]
    all[result].push(made())
    function made(): X {
      switch (op) {
        case 'scale':
          return ops.scale(a, number)
        case 'shift':
          return ops.shift(a, number)
        case 'square':
          return ops.scale(ops.square(a), 0.5)
        case 'inverse':
          return ops.reciprocal(ops.shift(ops.square(a), 1))
        case 'root':
          return ops.sqrt(ops.shift(ops.square(a), 0.5))
        case 'exp':
          return ops.exp(ops.neg(ops.square(a)))
        case 'mul':
          return ops.tanh(ops.mul(a, b))
        case 'number':
          return ops.constant(number)
        case 'numbers':
          return ops.constant(number, 0.5, -number)
        case 'add':
        case 'sub':
        case 'max':
          return ops[op](a, b)
        default:
          return ops[op](a)
      }
    }
  }
  return all
}

/** A model: instructions for its step, its term and its loss; each ends with a choice of results. */
export interface Program {
  readonly step: readonly Instruction[]
  readonly term: readonly Instruction[] | undefined
  readonly loss: readonly Instruction[] | undefined
  readonly results: readonly number[]
}

const instruction = fc.tuple(fc.nat(kinds.length - 1), fc.nat(30), fc.nat(30), fc.nat(6))
const part = (maxLength: number) => fc.option(fc.array(instruction, { maxLength }), { nil: undefined })
const number = fc.integer({ min: -8, max: 8 }).map((x) => x / 8 + 0.03)
const count = 3 + 2 * size

/** Arbitrary models with something to differentiate, and points or directions for them. */
export const programs = {
  model: fc
    .record({
      step: fc.array(instruction, { maxLength: 8 }),
      term: part(5),
      loss: part(5),
      results: fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }),
    })
    .filter(({ term, loss }) => term !== undefined || loss !== undefined),
  point: fc.array(number, { minLength: count, maxLength: count }),
}

/** The functions of a model in a library. The state is { a: scalar, v: vector }, the parameters are { p: vector, q: scalar, r: scalar }. */
export function modelOf<X>(ops: Operations<X>, { step, term, loss, results }: Program) {
  const last = <T>(list: readonly T[], i: number): T => list[list.length - 1 - (results[i]! % list.length)]!
  return {
    step({ a, v }: State<X>, { p, q, r }: Params<X>, input: X): State<X> {
      const all = run(ops, step, { v: [v, p, input], s: [a, q, r] })
      return { a: last(all.s, 0), v: last(all.v, 1) }
    },
    stepLoss:
      term &&
      (({ a, v }: State<X>, { p, q }: Params<X>, input: X): X =>
        last(run(ops, term, { v: [p, v, input], s: [q, a] }).s, 2)),
    loss:
      loss &&
      (({ a, v }: State<X>, { p, q }: Params<X>): X => last(run(ops, loss, { v: [p, v], s: [q, a] }).s, 3)),
  }
}

export interface State<X> {
  readonly a: X
  readonly v: X
}
export interface Params<X> {
  readonly p: X
  readonly q: X
  readonly r: X
}

/** Value and derivatives of the same. The numbers of a point are a, v, p, q, r. */
export function truth(
  program: Program,
  point: readonly number[],
  direction: readonly number[],
  steps: number,
) {
  const model = modelOf(hyper, program)
  return truthOf(point, direction, (x) => {
    const params = { p: x.slice(1 + size, 1 + 2 * size), q: [x[1 + 2 * size]!], r: [x[2 + 2 * size]!] }
    let state: State<readonly Hyper[]> = { a: [x[0]!], v: x.slice(1, 1 + size) }
    let sum: readonly Hyper[] = [real(0)]
    for (let n = 0; n < steps; n++) {
      const input = inputNumbers(n).map(real)
      state = model.step(state, params, input)
      if (model.stepLoss) sum = hyper.add(sum, model.stepLoss(state, params, input))
    }
    return (model.loss ? hyper.add(sum, model.loss(state, params)) : sum)[0]!
  })
}

/** Of a function of numbers: its value and slope, its gradient, and its Hessian times the direction. */
export function truthOf(
  point: readonly number[],
  direction: readonly number[],
  f: (x: readonly Hyper[]) => Hyper,
) {
  const all = point.map((_, k) => f(point.map((x, i): Hyper => [x, direction[i]!, i === k ? 1 : 0, 0])))
  return {
    value: all[0]![0],
    derivative: all[0]![1],
    gradient: all.map(([, , e]) => e),
    product: all.map(([, , , de]) => de),
  }
}

/** What step n of such a model reads. */
export const inputNumbers = (n: number) => [Math.sin(n), 0.3, -0.2 * n]
