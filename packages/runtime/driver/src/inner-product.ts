/** Vector-space operations on trees of numbers: what the tests of a gradient need. */
import { optionError } from '@checkpoint-schedules/core'
import { isTypedArray } from '@checkpoint-schedules/model'

type Numbers = Float64Array | Float32Array

/**
 * The sum of the products of corresponding numbers. The two must have the same shape.
 *
 * @example
 * ```ts
 * import { innerProduct } from '@checkpoint-schedules/driver'
 *
 * innerProduct({ x: 1, v: [2, 3] }, { x: 10, v: [1, 1] }) // 15
 * ```
 */
export function innerProduct(a: unknown, b: unknown): number {
  let sum = 0
  visit(a, b, 'value', (x, y) => {
    for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  })
  return sum
}

/** `point + scale * direction`, as a new value of the same shape; what is no number is taken from the point. */
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

function visit(
  a: unknown,
  b: unknown,
  path: string,
  each: (x: ArrayLike<number>, y: ArrayLike<number>) => void,
): void {
  if (typeof a === 'number' && typeof b === 'number') each([a], [b])
  else if (isNumbers(a) && isNumbers(b) && a.length === b.length) each(a, b)
  else if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    a.forEach((item, i) => visit(item, b[i], `${path}[${i}]`, each))
  } else if (isRecord(a) && isRecord(b) && Object.keys(a).length === Object.keys(b).length) {
    for (const key of Object.keys(a)) visit(a[key], b[key], `${path}.${key}`, each)
  } else if (a !== b || a === undefined) {
    throw optionError(
      'innerProduct',
      `the two values differ in shape at ${path}; give both the same fields and lengths.`,
    )
  }
}

function isNumbers(value: unknown): value is Numbers {
  return value instanceof Float64Array || value instanceof Float32Array
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isTypedArray(value)
}
