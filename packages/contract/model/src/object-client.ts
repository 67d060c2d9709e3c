/** What a store of objects must offer, such as a bucket of S3: three methods, which any SDK can serve. */

/**
 * A place for objects: immutable bytes under keys. Keys are texts of at most 500 letters, digits and `-_./`; they begin and end with none of `./`.
 *
 * What is relied on:
 * - `put` is atomic: whoever gets the object sees all of its bytes, or those of the put before.
 * - Once `put` or `delete` has resolved, `get` sees it, from everywhere. S3 and its relatives promise this.
 * - A method that rejects may have had its effect, or may still have it later.
 * - The bytes given to `put` are not read after it has settled, and those from `get` belong to the caller.
 *
 * Errors may be of any kind. A number in `status` (as in HTTP) and a text in `code` (such as `NoSuchBucket`), where they are there, decide whether
 * it is worth trying again: a status of 4xx other than 408 and 429 is not. A client should not try again by itself: whoever is given one does.
 *
 * @example
 * ```ts
 * import type { ObjectClient } from '@checkpoint-schedules/model'
 *
 * const objects = new Map<string, Uint8Array>()
 * const client: ObjectClient = {
 *   put: async (key, bytes) => void objects.set(key, bytes.slice()),
 *   get: async (key) => objects.get(key)?.slice(),
 *   delete: async (key) => void objects.delete(key),
 * }
 * ```
 */
export interface ObjectClient {
  /** Stores an object, in place of one that has the key already. The promise may reject when the signal aborts. */
  put(key: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void>
  /** The bytes of an object; `undefined` if there is none. */
  get(key: string, signal?: AbortSignal): Promise<Uint8Array | undefined>
  /** Removes an object; resolves also if there is none. */
  delete(key: string, signal?: AbortSignal): Promise<void>
}
