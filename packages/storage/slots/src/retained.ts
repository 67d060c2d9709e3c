/**
 * Checkpoints that must outlive the process, in an open file store: those that the last durable point needs although the
 * schedule has deleted them since.
 *
 * ```
 * durable point      A B C
 * since then         A deleted, D written          A keeps its place; D gets another one
 * next point           B   D                       now A's place is free
 * ```
 */
import type { CheckpointKey } from '@checkpoint-schedules/model'
import type { Header } from './header.js'
import type { Place } from './slots.js'

/** A checkpoint that is in a file. */
export interface Entry {
  readonly key: CheckpointKey
  readonly header: Header
  readonly partBytes: readonly number[]
  readonly place: Place
}

/** An entry as a journal records it. */
export interface RecordedEntry {
  readonly step: number
  readonly kind: CheckpointKey['kind']
  readonly format: 0 | 1
  readonly payloadBytes: number
  readonly headBytes: number
  readonly partBytes: readonly number[]
  /** The slot, or `null` if the checkpoint has a file of its own, with the number `file`. */
  readonly slot: number | null
  readonly file: number | null
}

/** What a storage held at a durable point. */
export interface RecordedStore {
  /** The number in the names of its files. */
  readonly number: number
  readonly slotBytes: number
  readonly entries: readonly RecordedEntry[]
}

/** Checkpoints that the schedule has deleted, and the last durable point needs. */
export class Retained {
  // Deleted by the schedule, but possibly needed by the last durable point.
  #deleted: Entry[] = []
  #bytes = 0
  peakBytes = 0

  /** The schedule no longer needs the entry; its place is kept. */
  keep(entry: Entry): void {
    this.#deleted.push(entry)
    this.#bytes += entry.header.payloadBytes
    this.peakBytes = Math.max(this.peakBytes, this.#bytes)
  }

  /** A deleted entry with this key. */
  find({ step, kind }: CheckpointKey): Entry | undefined {
    return this.#deleted.find((entry) => entry.key.step === step && entry.key.kind === kind)
  }

  /** A durable point that needs `needed` has been made. Returns all other deleted entries, whose places are now free. */
  settle(needed: ReadonlySet<Entry>): Entry[] {
    const free = this.#deleted.filter((entry) => !needed.has(entry))
    this.#deleted = this.#deleted.filter((entry) => needed.has(entry))
    for (const { header } of free) this.#bytes -= header.payloadBytes
    return free
  }
}

/** The entry as it is recorded. */
export function recorded({ key, header, partBytes, place }: Entry): RecordedEntry {
  const { format, payloadBytes, headBytes } = header
  const { slot = null, file = null } = place
  return { ...key, format, payloadBytes, headBytes, partBytes, slot, file }
}
