/**
 * Is a value still what it was when it was put away? Digests of the first few values of each place, compared whenever one of them is
 * used: what writes over values that the driver holds does so from the beginning.
 *
 * Of large arrays a part is looked at, another one for each step, so that this takes some microseconds a run.
 */
import { type Digest, digestTree, fieldNames } from '../replay/digest.js'
import { isTreeCodec, isTypedArray, type Tree } from '@checkpoint-schedules/model'
import type { TapeWatch } from './tape-watch.js'

const FIRST_VALUES = 8

export class Contents {
  #left = FIRST_VALUES
  readonly #digests = new Map<number, Digest>()
  // No step outside has a digest: most are looked up here only.
  #from = Infinity
  #to = -Infinity
  readonly #isTree: boolean
  readonly #watch: TapeWatch | undefined

  /**
   * @param codec - That of the values; only trees and typed arrays are looked at.
   * @param watch - All values are compared once it has seen that they share memory.
   */
  constructor(codec: object, watch?: TapeWatch) {
    this.#isTree = isTreeCodec(codec)
    this.#watch = watch
  }

  /** The value of a step is put away. */
  put(step: number, value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    this.forget(step)
    if (this.#left === 0 && this.#watch?.sharing !== true) return
    if (!this.#isTree && !isTypedArray(value)) return
    if (this.#left > 0) this.#left -= 1
    this.#digests.set(step, digestTree(value as Tree, step))
    this.#from = Math.min(this.#from, step)
    this.#to = Math.max(this.#to, step)
  }

  /** The value of a step is gone. */
  forget(step: number): void {
    if (step >= this.#from && step <= this.#to) this.#digests.delete(step)
  }

  /** All values are gone. */
  clear(): void {
    if (this.#to < this.#from) return
    this.#digests.clear()
    this.#from = Infinity
    this.#to = -Infinity
  }

  /** The first field in which the value of a step differs from what was put, if that is known. */
  difference(step: number, value: unknown): string | undefined {
    if (step < this.#from || step > this.#to) return undefined
    const was = this.#digests.get(step)
    if (was === undefined) return undefined
    const now = digestTree(value as Tree, step)
    const at = was.length === now.length ? was.findIndex((part, i) => part !== now[i]) : 0
    if (at === -1) return undefined
    return at === 0 ? 'its shape (names, types or lengths)' : fieldNames(value as Tree)[at - 1]
  }

  /** Whether the value of a step is what was put, unless it is known to differ. */
  isSame(step: number, value: unknown): boolean {
    return this.difference(step, value) === undefined
  }
}
