/** The journal of one run: its log, its values, and the checkpoints that its points need. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type {
  Codec,
  FoundPoint,
  JournalEvent,
  JournalPoint,
  JournalSettings,
  OpenJournal,
  Position,
  Store,
  StoreSettings,
} from '@checkpoint-schedules/model'
import { withEncoded } from '@checkpoint-schedules/model'
import { isDataName, overflowName, slotsName, storageOf, valueName } from './file-names.js'
import { checkIdentity } from './identity.js'
import type { JournalFiles } from './journal-files.js'
import {
  finishedLine,
  headLine,
  parseLog,
  pointLine,
  type RecordedPoint,
  type RecordedValue,
  valueCrc,
} from './journal-log.js'
import type { FileThread, Medium } from './medium.js'
import { type Entry, Retained } from './retained.js'
import { type NeededSpace, SlotStore } from './slot-store.js'
import { storeFailed } from './store-errors.js'

/** What a journal works with. */
export interface JournalParts {
  readonly medium: Medium
  readonly directory: string
  readonly files: JournalFiles
  /** A thread for the files of a storage. */
  readonly thread: () => FileThread
  readonly checkSpace: (needed: NeededSpace) => Promise<void>
  /** Every checkpoint has a file of its own: see `SlotSettings`. */
  readonly alone?: boolean
  /** Releases the directory: kept, or removed. */
  readonly release: (keep: boolean) => Promise<void>
  /** Identifies the owner of the directory uniquely. */
  readonly owner: number
  /** Throws if another owner has taken the directory over. */
  readonly confirm: () => Promise<void>
  /**
   * The previous owner may still be active, until its next durable point. So its files are never written to: this owner's files have their
   * own numbers, and checkpoints are copied. The previous owner does not change what its last point needs either.
   */
  readonly isShared: boolean
  readonly everySeconds: number
  readonly everySteps: number
  /** Plain JSON that the caller wants to read back. */
  readonly note: unknown
}

const REWRITE_BYTES = 2 ** 22

/**
 * The journal of one run, over files of the medium that belong to nobody else. Call `begin` before anything else.
 *
 * @example
 * ```ts
 * import type { Journal } from '@checkpoint-schedules/model'
 * import { type JournalParts, SlotJournal } from '@checkpoint-schedules/storage-slots'
 *
 * const journalIn = (parts: JournalParts): Journal => ({
 *   async open(settings) {
 *     const journal = new SlotJournal(parts, settings)
 *     await journal.begin()
 *     return journal
 *   },
 * })
 * ```
 */
export class SlotJournal implements OpenJournal {
  readonly store: Store
  found: FoundPoint | undefined
  readonly #parts: JournalParts
  readonly #settings: JournalSettings
  readonly #stores = new Map<string, { store: SlotStore; retained: Retained; number: number }>()
  // Values that are written only once, as recorded in the last point.
  #final: RecordedValue | undefined
  #results: RecordedValue[] = []
  #last: RecordedPoint | undefined
  #values: number
  #logBytes = 0
  #lastTime = performance.now()
  #points = 0
  #bytes = 0
  // The last point belongs to an owner that may still be active: its files are only read.
  #isShared: boolean

  constructor(parts: JournalParts, settings: JournalSettings) {
    this.#parts = parts
    this.#settings = settings
    this.#isShared = parts.isShared
    this.#values = parts.isShared ? parts.owner : 0
    this.store = { medium: 'journal', open: (it) => this.#openStore(it) }
  }

  /** Finds the last durable point, or starts over. @throws `JOURNAL_MISMATCH` */
  async begin(): Promise<void> {
    const { medium, files, directory } = this.#parts
    const { identity } = this.#settings
    const bytes = await files.log.read()
    const log = bytes && parseLog(medium, bytes)
    if (log !== undefined && !log.isFinished) {
      checkIdentity(medium, directory, log.head.identity, identity)
      const { point, rejected } = await this.#lastWhole(log.points)
      if (point !== undefined) {
        if (rejected > 0)
          this.#tell(
            'recomputed',
            `The last ${rejected} durable points of ${directory} cannot be read; an earlier one is used.`,
          )
        this.#restore(point)
        // Until this owner has made a point, any later owner must be as careful.
        await this.#rewrite(this.#isShared ? { ...point, isShared: true } : point)
        await this.#removeUnused(point)
        return
      }
      const why =
        log.points.length === 0 ? 'has no durable point yet' : 'has no durable point that can be read'
      this.#tell('started-over', `The journal in ${directory} ${why}: the run starts from the beginning.`)
    } else {
      const why = log?.isFinished
        ? 'belongs to a run that has finished'
        : bytes === undefined
          ? 'is new'
          : 'cannot be read'
      this.#tell('started-over', `The journal in ${directory} ${why}: the run starts from the beginning.`)
    }
    await files.remove((await files.list()).filter(isDataName))
    await this.#rewrite(undefined)
  }

  isDue(steps: number): boolean {
    const { everySeconds, everySteps } = this.#parts
    return steps >= everySteps || performance.now() - this.#lastTime >= 1000 * everySeconds
  }

  async commit(point: JournalPoint): Promise<void> {
    try {
      await this.#commit(point)
    } catch (cause) {
      const { medium, directory } = this.#parts
      throw storeFailed(medium, `the journal in ${directory} cannot be written`, cause, { directory })
    }
  }

  get statistics() {
    let retainedBytes = 0
    for (const { retained } of this.#stores.values()) retainedBytes += retained.peakBytes
    return { points: this.#points, bytes: this.#bytes, retainedBytes }
  }

  async close(outcome: 'finished' | 'unfinished'): Promise<void> {
    const { files, release, owner, confirm } = this.#parts
    const isOwned = await confirm().then(
      () => true,
      () => false,
    )
    // A kill while the files are being removed must not leave a journal that looks resumable. After a power cut the run starts over.
    if (outcome === 'finished' && isOwned) await files.log.append(finishedLine(owner), 'unflushed')
    // Without a durable point there is nothing to resume from.
    await release(outcome === 'unfinished' && this.#last !== undefined)
  }

  async #commit({ position, held, state, adjoint, final, results }: JournalPoint): Promise<void> {
    const { files, owner, confirm } = this.#parts
    const { codecs } = this.#settings
    await confirm()
    const write = async (
      what: string,
      given: { readonly value: unknown } | undefined,
      codec: Codec<unknown>,
    ) =>
      given === undefined
        ? undefined
        : this.#writeValue(what, await withEncoded(codec, given.value, (bytes) => Uint8Array.from(bytes)))
    this.#final ??= await write(labelOf('final', position), final, codecs.state)
    for (const value of results.slice(this.#results.length))
      this.#results.push((await write(`result ${this.#results.length}`, { value }, codecs.adjoint))!)
    const values = {
      state: await write(labelOf('state', position), state, codecs.state),
      adjoint: await write(labelOf('adjoint', position), adjoint, codecs.adjoint),
      final: this.#final,
      results: [...this.#results],
    }
    const stores: Record<string, RecordedPoint['stores'][string]> = Object.create(null)
    const needed = new Map<string, ReadonlySet<Entry>>()
    for (const [storage, { store }] of this.#stores) {
      await store.flush()
      const recorded = await store.record(held.filter((it) => it.storage === storage))
      stores[storage] = recorded.record
      needed.set(storage, recorded.needed)
    }
    await files.flushNames()
    const point: RecordedPoint = { point: (this.#last?.point ?? 0) + 1, position, values, stores }
    const line = pointLine(owner, point)
    const most = files.log.rewriteBytes ?? REWRITE_BYTES
    const isLong = this.#logBytes + line.length > most && this.#logBytes > 2 * line.length
    // An owner that was replaced while rewriting its log may have overwritten ours.
    if (isLong || !(await this.#isLogOurs())) await this.#rewrite(point)
    else {
      await files.log.append(line, 'flushed')
      this.#logBytes += line.length
      this.#bytes += line.length
    }
    // The point is durable: what only the previous one needed can be removed, unless another owner has found that one.
    await confirm()
    const before = this.#last
    this.#last = point
    this.#points += 1
    const used = new Set(filesOf(point))
    await files.remove(
      (before === undefined ? [] : filesOf(before)).filter((file) => !used.has(file)).map(valueName),
    )
    for (const [storage, { store }] of this.#stores) await store.settle(needed.get(storage)!)
    if (this.#isShared) await this.#removeOthers(used)
    this.#lastTime = performance.now()
  }

  /** Removes the files of the previous owner, which were needed by its last point. */
  async #removeOthers(values: ReadonlySet<number>): Promise<void> {
    const { files } = this.#parts
    const kept = new Set(Array.from(values, valueName))
    const storages = new Set(Array.from(this.#stores.values(), ({ number }) => number))
    const isOther = (name: string) =>
      isDataName(name) && !kept.has(name) && !storages.has(storageOf(name) ?? -1)
    await files.remove((await files.list()).filter(isOther))
    this.#isShared = false
  }

  async #writeValue(what: string, bytes: Uint8Array): Promise<RecordedValue> {
    const file = this.#values++
    const { files, medium } = this.#parts
    const recorded = { file, bytes: bytes.length, crc: valueCrc(what, bytes, medium.checksum) }
    await files.create(valueName(file), bytes, 'flushed')
    this.#bytes += recorded.bytes
    return recorded
  }

  async #readValue(what: string, { file, bytes, crc }: RecordedValue): Promise<Uint8Array> {
    const { files, medium } = this.#parts
    const read = await files.read(valueName(file), bytes)
    if (read === undefined || read.length !== bytes || valueCrc(what, read, medium.checksum) !== crc)
      throw new CheckpointScheduleError(
        'INVALID_FILE',
        `${medium.words.journal}: ${valueName(file)} has changed since it was written.`,
      )
    return read
  }

  /** The last point whose values are all intact. */
  async #lastWhole(points: readonly RecordedPoint[]) {
    for (const [rejected, point] of points.toReversed().entries()) {
      try {
        for (const [what, value] of valuesOf(point)) await this.#readValue(what, value)
        return { point, rejected }
      } catch (error) {
        // If a file is damaged, use an earlier point. If the system fails to read it, it may succeed later, so do not give the point up.
        if (this.#parts.medium.isSystemError(error)) throw error
      }
    }
    return { point: undefined, rejected: points.length }
  }

  #restore(point: RecordedPoint): void {
    const { codecs } = this.#settings
    const { position, values } = point
    this.#last = point
    this.#final = values.final
    this.#results = [...values.results]
    if (point.isShared === true) this.#isShared = true
    this.#values = this.#isShared
      ? this.#parts.owner
      : filesOf(point).reduce((most, file) => Math.max(most, file + 1), 0)
    this.found = {
      position,
      results: values.results.length,
      read: async (what) => {
        const isResult = typeof what === 'object'
        const value = isResult ? values.results[what.result] : values[what]
        const label = isResult ? `result ${what.result}` : labelOf(what, position)
        const codec = isResult || what === 'adjoint' ? codecs.adjoint : codecs.state
        return value && codec.decode(await this.#readValue(label, value))
      },
    }
  }

  /** Atomically replaces the log with one that has only its head and this point. */
  async #rewrite(point: RecordedPoint | undefined): Promise<void> {
    const { files, owner, confirm } = this.#parts
    const head = this.#head
    const line = point === undefined ? new Uint8Array(0) : pointLine(owner, point)
    const bytes = new Uint8Array(head.length + line.length)
    bytes.set(head)
    bytes.set(line, head.length)
    await files.log.replace(bytes, point === undefined ? 'unflushed' : 'flushed', confirm)
    this.#logBytes = bytes.length
    this.#bytes += bytes.length
    await confirm()
  }

  /** Removes what the killed run left besides its point: values of later points that were rejected, and checkpoints that were put later. */
  async #removeUnused(point: RecordedPoint): Promise<void> {
    const { files } = this.#parts
    const used = new Set(filesOf(point).map(valueName))
    for (const { number, entries } of Object.values(point.stores)) {
      used.add(slotsName(number))
      for (const { file } of entries) if (file !== null) used.add(overflowName(number, file))
    }
    // The previous owner may still be active, and put checkpoints.
    const isOurs = (name: string) => isDataName(name) && (!this.#isShared || storageOf(name) === undefined)
    await files.remove((await files.list()).filter((name) => isOurs(name) && !used.has(name)))
  }

  get #head(): Uint8Array {
    const { owner, note } = this.#parts
    return headLine({ owner, identity: this.#settings.identity, note })
  }

  async #isLogOurs(): Promise<boolean> {
    const head = this.#head
    const found = await this.#parts.files.log.readStart(head.length)
    return found?.length === head.length && found.every((byte, i) => byte === head[i])
  }

  async #openStore(settings: StoreSettings): Promise<SlotStore> {
    const { medium, directory, thread, files, owner, checkSpace, alone } = this.#parts
    const isShared = this.#isShared
    const { storage } = settings
    const recorded = this.#last?.stores
    const record = recorded !== undefined && Object.hasOwn(recorded, storage) ? recorded[storage] : undefined
    const taken = new Set(Object.values(recorded ?? {}).map(({ number }) => number))
    const free = () => {
      let number = this.#stores.size + (isShared ? owner : 0)
      while (taken.has(number)) number += 1
      return number
    }
    const number = isShared ? free() : (record?.number ?? free())
    const retained = new Retained()
    const store = new SlotStore(settings, {
      medium,
      directory,
      number,
      thread: thread(),
      checkSpace,
      alone,
      keep: false,
      retained,
      flushNames: () => files.flushNames(),
    })
    this.#stores.set(storage, { store, retained, number })
    if (record === undefined || (record.slotBytes === 0 && record.entries.length === 0)) return store
    for (const { key, why } of await store.restore(record, isShared))
      this.#tell(
        'recomputed',
        `The checkpoint of step ${key.step} in ${storage} cannot be read and is recomputed: ${why}`,
      )
    return store
  }

  #tell(type: JournalEvent['type'], message: string): void {
    this.#settings.onEvent?.({ type, message })
  }
}

/** The role of a value, for its checksum. */
function labelOf(what: 'state' | 'adjoint' | 'final', position: Position): string {
  const { actions, at, steps, reversed, forwardSteps } = position
  return what === 'final'
    ? `final ${steps}`
    : `${what} ${[actions, at, steps, reversed, forwardSteps].join()}`
}

/** The values of a point, each with its role. */
function valuesOf({ position, values }: RecordedPoint): [string, RecordedValue][] {
  const named = (['state', 'adjoint', 'final'] as const).flatMap((what): [string, RecordedValue][] => {
    const value = values[what]
    return value === undefined ? [] : [[labelOf(what, position), value]]
  })
  return [...named, ...values.results.map((value, k): [string, RecordedValue] => [`result ${k}`, value])]
}

function filesOf(point: RecordedPoint): number[] {
  return valuesOf(point).map(([, { file }]) => file)
}
