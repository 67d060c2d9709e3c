/** Trees of numbers as vectors: numbers, arrays, typed arrays, plain objects of these. */
import { CheckpointScheduleError, show } from '@checkpoint-schedules/core'
import { isPromise, isTypedArray, type TypedArray } from '@checkpoint-schedules/model'

/** The sum of `factors[i] * trees[i]`, as a new tree. The trees have the same shape, which `problemIn` has seen to. */
export function linearCombination<T>(factors: readonly number[], trees: readonly T[]): T {
  const first = trees[0]
  if (typeof first === 'number') return sumOfNumbers(factors, trees as readonly number[]) as T
  if (isTypedArray(first)) return sumOfArrays(factors, trees as readonly TypedArray[]) as T
  if (Array.isArray(first)) {
    return first.map((it, i) => {
      if (typeof it !== 'number') return linearCombination(factors, membersOf(trees, i))
      let sum = 0
      for (let j = 0; j < trees.length; j++) sum += factors[j]! * (trees[j] as readonly number[])[i]!
      return sum
    }) as T
  }
  if (!isRecord(first)) return constant(first as T)
  const entries = Object.keys(first).map((key) => [key, linearCombination(factors, membersOf(trees, key))])
  return Object.fromEntries(entries) as T
}

/** What no number is in is the same in each tree. */
function constant<T>(value: T): T {
  if (value === null || ['string', 'boolean', 'undefined'].includes(typeof value)) return value
  throw notAVector(value)
}

function notAVector(value: unknown): CheckpointScheduleError {
  return new CheckpointScheduleError(
    'INVALID_VALUE',
    `steps: a vector is ${kindOf(value)}; use numbers, arrays, Float64Arrays, Float32Arrays, or plain objects of these.`,
  )
}

function membersOf(trees: readonly unknown[], key: string | number): unknown[] {
  return trees.map((tree) => (tree as Record<string | number, unknown>)[key])
}

function sumOfNumbers(factors: readonly number[], values: readonly number[]): number {
  let sum = 0
  for (let j = 0; j < values.length; j++) sum += factors[j]! * values[j]!
  return sum
}

// In double precision, and rounded once, also where the arrays are in single precision.
function sumOfArrays(factors: readonly number[], arrays: readonly TypedArray[]): TypedArray {
  const first = arrays[0]!
  const sum = new Float64Array(first.length)
  for (const [j, array] of arrays.entries()) {
    if (array instanceof Float64Array) addDoubles(sum, factors[j]!, array)
    else if (array instanceof Float32Array) addSingles(sum, factors[j]!, array)
    else throw notAVector(array)
  }
  return first instanceof Float32Array ? new Float32Array(sum) : sum
}

// Two functions, as the compiler makes fast code for one kind of array only.
function addDoubles(sum: Float64Array, factor: number, array: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + factor * array[i]!
}

function addSingles(sum: Float64Array, factor: number, array: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + factor * array[i]!
}

/**
 * What keeps `value` from being a vector like `like`, as the end of a sentence; `undefined` if nothing does. Values that are neither
 * numbers nor made of them are not looked into.
 */
export function problemIn(value: unknown, like: unknown, path = 'value'): string | undefined {
  if (isPromise(value)) return `${path} is a Promise; it must be computed at once`
  if (typeof like === 'number') {
    if (typeof value !== 'number') return `${path} is ${kindOf(value)}; it must be a number`
    return Number.isFinite(value) ? undefined : `${path} is ${value}`
  }
  if (isTypedArray(like)) {
    const isLike =
      isTypedArray(value) &&
      value[Symbol.toStringTag] === like[Symbol.toStringTag] &&
      value.length === like.length
    return isLike ? firstNotFinite(value, path) : differs(value, like, path)
  }
  if (Array.isArray(like)) {
    if (!Array.isArray(value) || value.length !== like.length) return differs(value, like, path)
    for (let i = 0; i < like.length; i++) {
      if (typeof like[i] === 'number' && Number.isFinite(value[i])) continue
      const problem = problemIn(value[i], like[i], `${path}[${i}]`)
      if (problem !== undefined) return problem
    }
    return undefined
  }
  if (!isRecord(like)) return value === undefined ? `${path} is undefined` : undefined
  if (!isRecord(value)) return differs(value, like, path)
  const keys = Object.keys(like)
  for (const key of keys) {
    const problem = problemIn(value[key], like[key], `${path}.${key}`)
    if (problem !== undefined) return problem
  }
  const more = Object.keys(value).find((key) => !Object.hasOwn(like, key))
  if (more !== undefined) return `${path}.${more} is there; it must be ${kindOf(like)}`
  return undefined
}

/** The root mean square of `error`, each number divided by the `scale` of the two numbers at the same place. */
export function scaledNorm(
  error: unknown,
  scale: (a: number, b: number) => number,
  a: unknown,
  b: unknown,
): number {
  let [sum, count] = [0, 0]
  const visit = (it: unknown, x: unknown, y: unknown): void => {
    if (typeof it === 'number') {
      sum += (it / scale(x as number, y as number)) ** 2
      count += 1
    } else if (isTypedArray(it) || Array.isArray(it)) {
      const [xs, ys] = [x, y] as [ArrayLike<unknown>, ArrayLike<unknown>]
      for (let i = 0; i < it.length; i++) visit(it[i], xs[i], ys[i])
    } else if (isRecord(it)) {
      const [xs, ys] = [x, y] as [typeof it, typeof it]
      for (const key of Object.keys(it)) visit(it[key], xs[key], ys[key])
    }
  }
  visit(error, a, b)
  return Math.sqrt(sum / Math.max(count, 1))
}

function firstNotFinite(array: TypedArray, path: string): string | undefined {
  if (array instanceof Float64Array ? areFinite(array) : !(array instanceof Float32Array)) return undefined
  const i = Array.from(array as Float64Array).findIndex((it) => !Number.isFinite(it))
  return i === -1 ? undefined : `${path}[${i}] is ${array[i]}`
}

function areFinite(array: Float64Array): boolean {
  for (let i = 0; i < array.length; i++) if (!Number.isFinite(array[i])) return false
  return true
}

function differs(value: unknown, like: unknown, path: string): string {
  return `${path} is ${kindOf(value)}; it must be ${kindOf(like)}`
}

function kindOf(value: unknown): string {
  if (isTypedArray(value)) return `${value[Symbol.toStringTag]}(${value.length})`
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (isRecord(value)) return `an object with ${Object.keys(value).join(', ') || 'nothing'}`
  if (typeof value !== 'object' || value === null) return show(value)
  return `an object of class ${value.constructor?.name || '(without a name)'}`
}

/** Whether it is a plain object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
