/** Trees of numbers as vectors: numbers, arrays, typed arrays, plain objects of these. */
import { CheckpointScheduleError, show } from '@checkpoint-schedules/core'
import { isPromise, isTypedArray, type TypedArray } from '@checkpoint-schedules/model'

/** The sum of `factors[i] * trees[i]`, as a new tree. The trees have the same shape, which `problemIn` has seen to. */
export function linearCombination<T>(factors: readonly number[], trees: readonly T[]): T {
  const first = trees[0]
  if (typeof first === 'number') return sumAt(factors, trees as readonly number[]) as T
  if (isTypedArray(first)) {
    const result = first.slice()
    if (!(result instanceof Float64Array || result instanceof Float32Array))
      throw new CheckpointScheduleError(
        'INVALID_VALUE',
        `steps: a vector is ${kindOf(first)}; use numbers, arrays, Float64Arrays or Float32Arrays.`,
      )
    addUp(factors, trees as readonly ArrayLike<number>[], result)
    return result as T
  }
  if (Array.isArray(first)) {
    const result: unknown[] = first.slice()
    if (first.every((it) => typeof it === 'number'))
      addUp(factors, trees as readonly ArrayLike<number>[], result as number[])
    else for (let i = 0; i < first.length; i++) result[i] = linearCombination(factors, membersOf(trees, i))
    return result as T
  }
  if (!isRecord(first)) return first as T
  const entries = Object.keys(first).map((key) => [key, linearCombination(factors, membersOf(trees, key))])
  return Object.fromEntries(entries) as T
}

function membersOf(trees: readonly unknown[], key: string | number): unknown[] {
  return trees.map((tree) => (tree as Record<string | number, unknown>)[key])
}

// In double precision, and rounded once, also where the arrays are in single precision.
function addUp(
  factors: readonly number[],
  arrays: readonly ArrayLike<number>[],
  result: { [i: number]: number; length: number },
): void {
  for (let i = 0; i < result.length; i++) {
    let sum = 0
    for (let j = 0; j < arrays.length; j++) sum += factors[j]! * arrays[j]![i]!
    result[i] = sum
  }
}

function sumAt(factors: readonly number[], values: readonly number[]): number {
  let sum = 0
  for (let j = 0; j < values.length; j++) sum += factors[j]! * values[j]!
  return sum
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
  for (const key of new Set([...Object.keys(like), ...Object.keys(value)])) {
    if (!Object.hasOwn(like, key)) return `${path}.${key} is there; it must be ${kindOf(like)}`
    const problem = problemIn(value[key], like[key], `${path}.${key}`)
    if (problem !== undefined) return problem
  }
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
  for (let i = 0; i < array.length; i++) {
    const it = array[i]!
    if (typeof it === 'number' && !Number.isFinite(it)) return `${path}[${i}] is ${it}`
  }
  return undefined
}

function differs(value: unknown, like: unknown, path: string): string {
  return `${path} is ${kindOf(value)}; it must be ${kindOf(like)}`
}

function kindOf(value: unknown): string {
  if (isTypedArray(value)) return `${value[Symbol.toStringTag]}(${value.length})`
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (isRecord(value)) return `an object with ${Object.keys(value).join(', ') || 'nothing'}`
  return show(value)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
