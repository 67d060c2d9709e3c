/** Trees of numbers as vectors: plain objects and arrays whose leaves are numbers, Float64Arrays or Float32Arrays. */
import { optionError } from '@checkpoint-schedules/core'

type Numbers = Float64Array | Float32Array

/**
 * Calls `see` with the numbers of each leaf, of all trees at the same place.
 *
 * @throws `INVALID_OPTION`: the trees differ in shape; the message names `caller` and the place.
 */
export function visitLeaves<N extends readonly unknown[]>(
  caller: string,
  trees: readonly [...N],
  see: (...leaves: { [I in keyof N]: ArrayLike<number> }) => void,
): void {
  visit(caller, trees, 'value', see as (...leaves: ArrayLike<number>[]) => void)
}

function visit(
  caller: string,
  trees: readonly unknown[],
  path: string,
  see: (...leaves: ArrayLike<number>[]) => void,
): void {
  const first = trees[0]
  if (trees.every((it) => typeof it === 'number')) see(...trees.map((it) => [it]))
  else if (trees.every(isNumbers) && trees.every(({ length }) => length === trees[0]!.length)) see(...trees)
  else if (trees.every(Array.isArray) && trees.every(({ length }) => length === trees[0]!.length)) {
    for (let i = 0; i < trees[0]!.length; i++)
      visit(
        caller,
        trees.map((it: unknown[]) => it[i]),
        `${path}[${i}]`,
        see,
      )
  } else if (trees.every(isRecord) && trees.every((it) => haveSameKeys(it, trees[0]!))) {
    for (const key of Object.keys(trees[0]!))
      visit(
        caller,
        trees.map((it) => it[key]),
        `${path}.${key}`,
        see,
      )
  } else if (first === undefined || trees.some((it) => it !== first)) {
    throw optionError(
      caller,
      `the values differ in shape at ${path}; give all of them the same fields and lengths.`,
    )
  }
}

/** `point + scale * direction`, as a new value of the same shape; anything that is not a number is taken from the point. */
export function moved<T>(point: T, scale: number, direction: T): T {
  if (typeof point === 'number' && typeof direction === 'number') return (point + scale * direction) as T
  if (isNumbers(point) && isNumbers(direction)) {
    const result = point.slice()
    for (let i = 0; i < result.length; i++) result[i] = point[i]! + scale * direction[i]!
    return result as T
  }
  if (Array.isArray(point) && Array.isArray(direction))
    return point.map((item, i) => moved(item, scale, direction[i])) as T
  if (isRecord(point) && isRecord(direction)) {
    return Object.fromEntries(
      Object.entries(point).map(([key, item]) => [key, moved(item, scale, direction[key])]),
    ) as T
  }
  return point
}

/** Whether a tree has numbers in single precision. */
export function hasSinglePrecision(tree: unknown): boolean {
  if (tree instanceof Float32Array) return true
  if (Array.isArray(tree)) return tree.some(hasSinglePrecision)
  return isRecord(tree) && Object.values(tree).some(hasSinglePrecision)
}

function haveSameKeys(a: object, b: object): boolean {
  const keys = Object.keys(b)
  return Object.keys(a).length === keys.length && keys.every((key) => Object.hasOwn(a, key))
}

function isNumbers(value: unknown): value is Numbers {
  return value instanceof Float64Array || value instanceof Float32Array
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
}
