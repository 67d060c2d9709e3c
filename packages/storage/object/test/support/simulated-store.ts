/**
 * An object store in memory that is never reached for sure. Each request is carried out, or refused, or carried out without an answer, or
 * lost and carried out later: as the given chances say. After a number of requests, the process that makes them is dead.
 */
import type { ObjectClient } from '@checkpoint-schedules/model'

/** 0 to 1. */
export type Random = () => number

/** A sequence from a seed (mulberry32), without the bias of fast-check's values to the ends: fates are chances. */
export function randomFrom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** How often a request has a fate, of all. */
export interface Fates {
  /** It has its effect, and no answer. */
  readonly unanswered?: number
  /** It has neither. */
  readonly lost?: number
  /** It has no answer, and its effect only after some others. */
  readonly late?: number
}

export class SimulatedStore {
  readonly objects = new Map<string, Uint8Array>()
  /** All that was ever put, to see that no key had two contents. */
  readonly history = new Map<string, Uint8Array>()
  requests = 0
  #late: { due: number; effect: () => unknown }[] = []
  readonly #random: Random
  readonly #fates: Fates

  constructor(random: Random = () => 1, fates: Fates = {}) {
    this.#random = random
    this.#fates = fates
  }

  /** A client of a process that dies at its request number `death`, in the middle: the request may have its effect. */
  client(death = Infinity): ObjectClient & { readonly died: Promise<void> } {
    let left = death
    let die = () => {}
    const died = new Promise<void>((resolve) => (die = resolve))
    const request = async <T>(effect: () => T): Promise<T> => {
      left -= 1
      if (left < 0) return new Promise(() => undefined)
      const isLast = left === 0
      this.requests += 1
      this.#settle(false)
      await Promise.resolve()
      if (isLast) {
        if (this.#random() < 0.5) effect()
        die()
        return new Promise(() => undefined)
      }
      const { unanswered = 0, lost = 0, late = 0 } = this.#fates
      const fate = this.#random()
      if (fate >= unanswered + late + lost) return effect()
      if (fate < unanswered) effect()
      else if (fate < unanswered + late)
        this.#late.push({ due: this.requests + Math.floor(40 * this.#random()), effect })
      throw new Error('the connection was reset')
    }
    return {
      died,
      put: (key, bytes) => {
        const copy = bytes.slice()
        return request(() => this.#put(key, copy))
      },
      get: (key) => request(() => this.objects.get(key)?.slice()),
      delete: (key) => request(() => void this.objects.delete(key)),
    }
  }

  /** What was late has its effect now. */
  settle(): void {
    this.#settle(true)
  }

  #settle(all: boolean): void {
    const due = this.#late.filter((it) => all || it.due <= this.requests)
    this.#late = this.#late.filter((it) => !due.includes(it))
    for (const { effect } of due) effect()
  }

  #put(key: string, bytes: Uint8Array): void {
    this.objects.set(key, bytes)
    if (/\/(?:index-[01]|writer)$/.test(key)) return
    const before = this.history.get(key)
    if (before !== undefined && Buffer.compare(before, bytes) !== 0) throw new Error(`${key} had other bytes`)
    this.history.set(key, bytes)
  }
}
