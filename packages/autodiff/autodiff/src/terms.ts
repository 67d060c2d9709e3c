/**
 * The objective's terms. Each is a scalar on the device; they are added in double precision on the host. Reading one waits for the device,
 * so that a number of them is read at a time. Whenever they are read, they are added one by one in the order of the reverse: the sum has the
 * same bits under every schedule, and if a run is resumed.
 */
import { type Awaitable, isPromise } from '@checkpoint-schedules/model'
import type { Differentiator, HostArray } from './differentiator.js'
import { invalid, shown } from './layout.js'

/** How many are read at a time. */
export const TERMS_AT_ONCE = 64

/** `value` plus the terms, which stay. */
export function added<X>(ad: Differentiator<X>, value: number, terms: readonly X[]): Awaitable<number> {
  const sum = (read: readonly HostArray[]) => read.reduce((total, { data }) => total + Number(data[0]), value)
  const reading = terms.map((term) => ad.read(term))
  return reading.some(isPromise)
    ? Promise.all(reading.map((it) => Promise.resolve(it))).then(sum)
    : sum(reading as HostArray[])
}

/** @throws `INVALID_VALUE`: a loss is not a scalar of floating point. */
export function checkScalar<X>(ad: Differentiator<X>, value: unknown, name: 'loss' | 'stepLoss'): void {
  const rule = `${name} must return a scalar, an array of ${ad.name} with shape []`
  if (!ad.isArray(value))
    throw invalid(`${rule}; got ${typeof value}. Compute it with the library's operations.`)
  const array = ad.describe(value)
  if (array.shape.length > 0)
    throw invalid(`${rule}; got ${shown(array)}. Sum it up, for example with sum().`)
  if (array.dtype !== 'float32' && array.dtype !== 'float64')
    throw invalid(`${rule} and type float32 or float64; got ${array.dtype}.`)
}
