/** What tells the owners of a journal apart where there is no counter: chance. */

/**
 * A random number of 48 bits, for the owner of a journal.
 *
 * @example
 * ```ts
 * import { newOwner } from '@checkpoint-schedules/storage-slots'
 *
 * newOwner() === newOwner() // false
 * ```
 */
export function newOwner(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2))
  return (high! % 2 ** 16) * 2 ** 32 + low!
}
