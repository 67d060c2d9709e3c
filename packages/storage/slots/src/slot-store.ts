/** The checkpoints of one run in one storage, in slots of a file. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { CheckpointKey, OpenStore, StoreSettings } from '@checkpoint-schedules/model'
import { BufferPool } from './buffer-pool.js'
import { faultOf, type Header, HEADER_BYTES, writeHeader } from './header.js'
import type { FileThread, Medium } from './medium.js'
import { pack, unpack } from './packed.js'
import { type Entry, type RecordedStore, recorded, type Retained } from './retained.js'
import { ROUND_BYTES, Slots } from './slots.js'
import { damaged, storeFailed } from './store-errors.js'
import { Turns } from './turns.js'

/** Where the files of a storage are, and how they are kept. */
export interface SlotSettings {
  readonly medium: Medium
  readonly directory: string
  /** The number in the names of the storage's files. */
  readonly number: number
  readonly thread: FileThread
  /** Flushes and keeps the files when the store is closed. */
  readonly keep: boolean
  /** Keeps what a durable point needs, and leaves all files, which belong to the journal. */
  readonly retained?: Retained | undefined
  /** Makes the names of new files durable. */
  readonly flushNames: () => Promise<void>
  /** Every checkpoint has a file of its own, because files cannot be overwritten in place. By default only those that are too large for a slot. */
  readonly alone?: boolean | undefined
  /** Throws a sentence if there is no space for this many slots. Called once the size of a checkpoint is known, before anything is written. */
  readonly checkSpace: (needed: NeededSpace) => Promise<void>
}

/** The space that a storage will need. */
export interface NeededSpace {
  readonly storage: string
  readonly limit: number
  readonly slotBytes: number
}

/**
 * The checkpoints of one run in one storage, in slots of a file and, where they are larger, in files of their own. What reads and writes these
 * is a thread of the medium.
 *
 * @example
 * ```ts
 * import type { Store } from '@checkpoint-schedules/model'
 * import { type SlotSettings, SlotStore } from '@checkpoint-schedules/storage-slots'
 *
 * const storeIn = (files: SlotSettings): Store => ({
 *   medium: 'mine',
 *   open: (settings) => new SlotStore(settings, files),
 * })
 * ```
 */
export class SlotStore implements OpenStore {
  readonly #settings: StoreSettings
  readonly #files: SlotSettings
  readonly #thread: FileThread
  readonly #pool = new BufferPool()
  readonly #turns = new Turns()
  readonly #entries = new Map<number, Entry>()
  readonly #unflushed = new Set<string>()
  #slots: Promise<Slots> | undefined

  constructor(settings: StoreSettings, files: SlotSettings) {
    this.#settings = settings
    this.#files = files
    this.#thread = files.thread
  }

  /**
   * Restores the checkpoints of a durable point, reading each of them once. Returns those that cannot be read, and why; they are
   * not in the store.
   *
   * @param copy - Does not touch the files that contain them, and works with copies.
   */
  async restore(
    { number, slotBytes, entries }: RecordedStore,
    copy: boolean,
  ): Promise<{ key: CheckpointKey; why: string }[]> {
    const { directory, medium } = this.#files
    const found = new Slots(directory, number, slotBytes)
    const lost: { key: CheckpointKey; why: string }[] = []
    let size = 0
    if (!copy) {
      size = (await this.#thread.request({ do: 'reopen', path: found.path })).size!
      this.#slots = Promise.resolve(found)
      // The first slot was once filled, except for rounding; a slot size that does not fit the file is not trusted.
      if (slotBytes > size + ROUND_BYTES) return this.#giveUp(found, entries)
    }
    for (const { step, kind, format, payloadBytes, headBytes, partBytes, slot, file } of entries) {
      const key = { step, kind }
      const header = { kind, format, step, payloadBytes, headBytes }
      const entry = { key, header, partBytes, place: found.restore(slot, file) }
      try {
        const { front, parts } = await this.#readParts(entry)
        if (copy) await this.#write(await this.#slotsFor(front.length + sizeOf(parts)), entry, front, parts)
        else {
          this.#pool.give(parts)
          this.#entries.set(step, entry)
        }
      } catch (error) {
        if (medium.isAway?.(error) === true) throw error
        lost.push({ key, why: (error as Error).message })
        // A slot beyond the end of the file is not real: its number is wrong.
        if (entry.place.at < size) found.release(entry.place)
      }
    }
    return lost
  }

  /** Starts over with new slots. */
  async #giveUp(found: Slots, entries: RecordedStore['entries']) {
    const paths = entries.map(({ slot, file }) => found.restore(slot, file).path)
    await this.#thread.request({ do: 'remove', paths: [...new Set([found.path, ...paths])] })
    this.#slots = undefined
    return entries.map(({ step, kind }) => ({ key: { step, kind }, why: 'its file is truncated.' }))
  }

  /** What a durable point records about those checkpoints with these keys that exist, and the entries that it needs. */
  async record(
    keys: readonly CheckpointKey[],
  ): Promise<{ record: RecordedStore; needed: ReadonlySet<Entry> }> {
    const found = keys.flatMap((key) => {
      const entry = this.#entries.get(key.step)
      return (entry?.key.kind === key.kind ? entry : this.#files.retained?.find(key)) ?? []
    })
    const slotBytes = (await this.#slots)?.slotBytes ?? 0
    const { number } = this.#files
    return { record: { number, slotBytes, entries: found.map(recorded) }, needed: new Set(found) }
  }

  /** A durable point with these entries has been made: the places of all others are free. */
  async settle(needed: ReadonlySet<Entry>): Promise<void> {
    for (const entry of this.#files.retained?.settle(needed) ?? []) await this.#free(entry)
  }

  put(key: CheckpointKey, value: unknown): Promise<void> {
    return this.#turns.take(key.step, () => this.#guard('write', key.step, () => this.#put(key, value)))
  }

  get(key: CheckpointKey): Promise<unknown> {
    return this.#turns.take(key.step, () => this.#guard('read', key.step, () => this.#read(this.#find(key))))
  }

  take(key: CheckpointKey): Promise<unknown> {
    return this.#turns.take(key.step, () =>
      this.#guard('read', key.step, async () => {
        const entry = this.#find(key)
        const value = await this.#read(entry)
        await this.#forget(entry)
        return value
      }),
    )
  }

  delete(key: CheckpointKey): Promise<void> {
    return this.#turns.take(key.step, () =>
      this.#guard('delete', key.step, () => this.#forget(this.#find(key))),
    )
  }

  keys(): Iterable<CheckpointKey> {
    return Array.from(this.#entries.values(), ({ key }) => key)
  }

  async flush(): Promise<void> {
    await this.#turns.all()
    await this.#guard('flush', undefined, async () => {
      const paths = [...this.#unflushed]
      this.#unflushed.clear()
      if (paths.length > 0) await this.#thread.request({ do: 'sync', paths })
      await this.#files.flushNames()
    })
  }

  async clear(): Promise<void> {
    await this.#turns.all()
    const overflows = [...this.#entries.values()].filter(({ place }) => place.slot === undefined)
    const slots = await this.#slots?.catch(() => undefined)
    this.#entries.clear()
    this.#pool.clear()
    if (this.#files.keep || this.#files.retained !== undefined) return
    this.#slots = undefined
    this.#unflushed.clear()
    const paths = overflows.map(({ place }) => place.path)
    if (slots !== undefined) paths.push(slots.path)
    if (paths.length > 0) {
      await this.#guard('clear', undefined, () => this.#thread.request({ do: 'remove', paths }))
    }
  }

  async close(): Promise<void> {
    try {
      if (this.#files.keep) await this.flush()
      await this.clear()
      await this.#guard('close', undefined, () => this.#thread.request({ do: 'close' }))
    } finally {
      await this.#thread.end()
    }
  }

  async #put(key: CheckpointKey, value: unknown): Promise<void> {
    const { step, kind } = key
    const codec = this.#settings.codecs[kind]
    let packed
    try {
      // A tape may share arrays with the model or its state, so they are copied. Restart data belongs to the store alone.
      packed = await pack(value, codec, this.#pool, kind === 'restart')
    } finally {
      await codec.dispose?.(value) // its bytes replace it
    }
    const { format, head, parts } = packed
    const partBytes = parts.map((part) => part.byteLength)
    const payloadBytes = head.length + sizeOf(parts)
    const header: Header = { kind, format, step, payloadBytes, headBytes: head.length }
    const front = new Uint8Array(HEADER_BYTES + head.length)
    writeHeader(front, header)
    front.set(head, HEADER_BYTES)

    const old = this.#entries.get(step)
    if (old !== undefined) await this.#forget(old)
    const slots = await this.#slotsFor(HEADER_BYTES + payloadBytes)
    await this.#write(slots, { key, header, partBytes }, front, parts)
  }

  /** Writes a checkpoint to a free place. The buffers are transferred. */
  async #write(
    slots: Slots,
    { key, header, partBytes }: Omit<Entry, 'place'>,
    front: Uint8Array,
    parts: ArrayBuffer[],
  ): Promise<void> {
    const place = slots.placeFor(HEADER_BYTES + header.payloadBytes)
    const { path, at } = place
    const alone = place.slot === undefined
    try {
      const request = { do: 'write', path, at, front, parts, alone } as const
      const done = await this.#thread.request(request, [front.buffer as ArrayBuffer, ...parts])
      this.#pool.give(done.parts!)
    } catch (error) {
      slots.release(place)
      if (alone) await this.#thread.request({ do: 'remove', paths: [path] }).catch(() => undefined)
      throw error
    }
    this.#unflushed.add(path)
    this.#entries.set(key.step, { key, header, partBytes, place })
  }

  async #read(entry: Entry): Promise<unknown> {
    const { header, key } = entry
    const { front, parts } = await this.#readParts(entry)
    return unpack(
      { format: header.format, head: front.subarray(HEADER_BYTES), parts },
      this.#settings.codecs[key.kind],
    )
  }

  /** The bytes of a checkpoint, verified. */
  async #readParts({
    key,
    header,
    partBytes,
    place,
  }: Entry): Promise<{ front: Uint8Array; parts: ArrayBuffer[] }> {
    const { path, at } = place
    const { step } = key
    const { medium } = this.#files
    const where = { storage: this.#settings.storage, step, file: path, at }
    const reuse = partBytes.map((bytes) => this.#pool.take(bytes))
    const frontBytes = HEADER_BYTES + header.headBytes
    const request = { do: 'read', path, at, frontBytes, partBytes, reuse } as const
    const { front, parts, sum } = await this.#thread
      .request(
        request,
        reuse.filter((buffer) => buffer !== undefined),
      )
      .catch((error: Error & { code?: string }) => {
        throw error.code === 'TRUNCATED' ? damaged(medium, where, error.message, error) : error
      })
    const fault = faultOf(front!, header, sum!)
    if (fault !== undefined) throw damaged(medium, where, fault)
    return { front: front!, parts: parts! }
  }

  #find(key: CheckpointKey): Entry {
    const entry = this.#entries.get(key.step)
    if (entry?.key.kind === key.kind) return entry
    const { storage } = this.#settings
    throw new CheckpointScheduleError(
      'STORE_FAILED',
      `${this.#files.medium.words.store}: ${storage} holds no ${key.kind} data of step ${key.step}.`,
      { details: { storage, ...key } },
    )
  }

  async #forget(entry: Entry): Promise<void> {
    this.#entries.delete(entry.key.step)
    const { retained } = this.#files
    if (retained === undefined) await this.#free(entry)
    else retained.keep(entry)
  }

  async #free({ place }: Entry): Promise<void> {
    ;(await this.#slots)!.release(place)
    if (place.slot !== undefined) return
    this.#unflushed.delete(place.path)
    await this.#thread.request({ do: 'remove', paths: [place.path] })
  }

  /** The slots; the first checkpoint determines their size. All of them must fit on the disk before anything is written. */
  #slotsFor(firstBytes: number): Promise<Slots> {
    this.#slots ??= this.#makeSlots(firstBytes).catch((error: unknown) => {
      this.#slots = undefined // the next checkpoint may try again
      throw error
    })
    return this.#slots
  }

  async #makeSlots(firstBytes: number): Promise<Slots> {
    const { directory, number, alone = false, checkSpace } = this.#files
    const { storage, limit } = this.#settings
    const slots = new Slots(directory, number, alone ? 0 : firstBytes)
    const { slotBytes } = slots
    if (limit !== null) await checkSpace({ storage, limit, slotBytes })
    await this.#thread.request({ do: 'create', path: slots.path })
    return slots
  }

  async #guard<T>(operation: string, step: number | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      const { storage } = this.#settings
      const what = step === undefined ? storage : `the checkpoint of step ${step} in ${storage}`
      throw storeFailed(this.#files.medium, `cannot ${operation} ${what}`, cause, {
        storage,
        operation,
        step,
      })
    }
  }
}

function sizeOf(parts: readonly ArrayBuffer[]): number {
  return parts.reduce((sum, part) => sum + part.byteLength, 0)
}
