/**
 * An object store in memory that is never reached for sure. Each request is carried out, or refused, or carried out without an answer, or
 * lost and carried out later: as the given chances say. After a number of requests, the process that makes them is dead.
 */
import type { ObjectClient } from '../../src/index.js'

/** 0 to 1. */
export type Random = () => number

export class Killed extends Error {}

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
  #late: { due: number; effect: () => void }[] = []
  readonly #random: Random
  readonly #fates: Fates

  constructor(random: Random = () => 1, fates: Fates = {}) {
    this.#random = random
    this.#fates = fates
  }

  /** A client of a process that dies at its request number `death`, in the middle: it may have its effect. */
  client(death = Infinity): ObjectClient & { readonly isDead: boolean } {
    let left = death
    let isDead = false
    const store = this
    const request = async <T>(effect: () => T): Promise<T> => {
      if (isDead) return new Promise<T>(() => undefined)
      left -= 1
      store.requests += 1
      store.#settle(false)
      if (left <= 0) {
        isDead = true
        if (store.#random() < 0.5) effect()
        throw new Killed('killed')
      }
      const fate = store.#random()
      const { unanswered = 0, lost = 0, late = 0 } = store.#fates
      if (fate < unanswered) effect()
      else if (fate < unanswered + late)
        store.#late.push({ due: store.requests + Math.floor(40 * store.#random()), effect: () => void effect() })
      else if (fate >= unanswered + late + lost) {
        await undefined
        return effect()
      }
      throw new Error('the connection was reset')
    }
    return {
      get isDead() {
        return isDead
      },
      put: (key, bytes) => {
        const copy = bytes.slice()
        return request(() => void this.#put(key, copy))
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
    if (/\/(?:manifest-[01]|writer)$/.test(key)) return
    const before = this.history.get(key)
    if (before !== undefined && Buffer.compare(before, bytes) !== 0) throw new Error(`${key} had other bytes`)
    this.history.set(key, bytes)
  }
}
