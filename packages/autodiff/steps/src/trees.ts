/** Trees of numbers as vectors: numbers, arrays, typed arrays, plain objects of these. */
import { show } from '@checkpoint-schedules/core'
import { isPromise, isTypedArray, type TypedArray } from '@checkpoint-schedules/model'

/** The sum of `factors[i] * trees[i]`, as a new tree. The trees have the same shape, which `problemIn` has seen to. */
export function linearCombination<T>(factors: readonly number[], trees: readonly T[]): T {
  const first = trees[0]
  if (typeof first === 'number') return sumAt(factors, trees as readonly number[]) as T
  if (isTypedArray(first)) {
    const result = first.slice()
    addUp(factors, trees as readonly ArrayLike<number>[], result as Float64Array)
    return result as T
  }
  if (Array.isArray(first)) {
    const result: unknown[] = []
    for (let i = 0; i < first.length; i++)
      result.push(
        linearCombination(
          factors,
          trees.map((tree) => (tree as unknown[])[i]),
        ),
      )
    return result as T
  }
  if (!isRecord(first)) return first as T
  return Object.fromEntries(
    Object.keys(first).map((key) => [
      key,
      linearCombination(
        factors,
        trees.map((tree) => (tree as Record<string, unknown>)[key]),
      ),
    ]),
  ) as T
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
    if (!isTypedArray(value) || kindOf(value) !== kindOf(like)) return differs(value, like, path)
    return firstNotFinite(value, path)
  }
  if (Array.isArray(like)) {
    if (!Array.isArray(value) || value.length !== like.length) return differs(value, like, path)
    for (let i = 0; i < like.length; i++) {
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

/** The Euclidean norm of `tree`, each number divided by its scale, and divided by the root of how many there are. */
export function scaledNorm(
  tree: unknown,
  scale: (...at: readonly number[]) => number,
  ...by: unknown[]
): number {
  let [sum, count] = [0, 0]
  const visit = (node: unknown, others: readonly unknown[]): void => {
    if (typeof node === 'number') {
      sum += (node / scale(...(others as number[]))) ** 2
      count += 1
    } else if (typeof node === 'object' && node !== null) {
      for (const key of Object.keys(node))
        visit(
          (node as Record<string, unknown>)[key],
          others.map((other) => (other as Record<string, unknown>)[key]),
        )
    }
  }
  visit(tree, by)
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
  if (isTypedArray(value)) return `a ${value[Symbol.toStringTag]} of ${value.length}`
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (isRecord(value)) return `an object with ${Object.keys(value).join(', ') || 'nothing'}`
  return show(value)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
