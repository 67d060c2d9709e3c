/** The journal of one run, in files. */
import { crc32 } from 'node:zlib'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type {
  Codec,
  FoundPoint,
  JournalEvent,
  JournalPoint,
  JournalSettings,
  OpenJournal,
  Store,
  StoreSettings,
} from '@checkpoint-schedules/driver'
import { withEncoded } from '@checkpoint-schedules/driver'
import type { FileThread } from './file-worker.js'
import { checkIdentity } from './identity.js'
import type { JournalFiles } from './journal-files.js'
import {
  finishedLine,
  headLine,
  MOST_LOG_BYTES,
  parseLog,
  pointLine,
  type RecordedPoint,
  type RecordedValue,
} from './journal-log.js'
import { OpenFileStore } from './open-file-store.js'
import { LOG, NEW_LOG, valueName } from './own-files.js'
import { type Entry, Retained } from './retained.js'
import { storeFailed } from './store-errors.js'

/** What a journal works with. */
export interface JournalParts {
  readonly directory: string
  readonly files: JournalFiles
  /** A thread for the files of a storage. */
  readonly thread: () => FileThread
  /** Gives the directory back: kept, or gone. */
  readonly release: (keep: boolean) => Promise<void>
  readonly everySeconds: number
  readonly everySteps: number
  /** Plain JSON that the caller wants to find again. */
  readonly note: unknown
}

const REWRITE_BYTES = 2 ** 22 // a log that has grown beyond is rewritten with its last point

export class OpenFileJournal implements OpenJournal {
  readonly events: JournalEvent[] = []
  readonly store: Store
  found: FoundPoint | undefined
  readonly #parts: JournalParts
  readonly #settings: JournalSettings
  readonly #stores = new Map<string, { store: OpenFileStore; retained: Retained }>()
  // Values that are written once, as the last point has them.
  #final: RecordedValue | undefined
  #results: RecordedValue[] = []
  #last: RecordedPoint | undefined
  #values = 0
  #logBytes = 0
  #lastTime = performance.now()
  #points = 0
  #bytes = 0

  constructor(parts: JournalParts, settings: JournalSettings) {
    this.#parts = parts
    this.#settings = settings
    this.store = { medium: 'journal', open: (it) => this.#openStore(it) }
  }

  /** Finds the last durable point, or starts over. @throws `JOURNAL_MISMATCH` */
  async begin(): Promise<void> {
    const { files, directory } = this.#parts
    const { identity } = this.#settings
    const names = await files.list()
    const log = await this.#readLog()
    if (log !== undefined && !log.isFinished) {
      checkIdentity(directory, log.head.identity, identity)
      const { point, rejected } = await this.#lastWhole(log.points)
      if (point !== undefined) {
        if (rejected > 0)
          this.#tell(
            'recomputed',
            `The last ${rejected} durable points of ${directory} cannot be read; an earlier one is used.`,
          )
        this.#restore(point)
        await this.#rewrite(point)
        return
      }
      const why =
        log.points.length === 0
          ? 'was made before the first durable point'
          : 'has no durable point that can be read'
      this.#tell('started-over', `The journal in ${directory} ${why}: the run starts from the beginning.`)
    } else {
      const why = log?.isFinished
        ? 'is that of a run that has finished'
        : names.includes(LOG)
          ? 'cannot be read'
          : 'is new'
      this.#tell('started-over', `The journal in ${directory} ${why}: the run starts from the beginning.`)
    }
    await files.remove(names.filter((name) => !name.startsWith('checkpoint-schedules.run')))
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
      const { directory } = this.#parts
      throw storeFailed(`the journal in ${directory} cannot be written`, cause, { directory })
    }
  }

  get statistics() {
    let retainedBytes = 0
    for (const { retained } of this.#stores.values()) retainedBytes += retained.peakBytes
    return { points: this.#points, bytes: this.#bytes, retainedBytes }
  }

  async close(outcome: 'finished' | 'unfinished'): Promise<void> {
    const { files, release } = this.#parts
    // A kill while the files are being removed must not leave a journal that seems to go on. If the power goes as well, it starts over.
    if (outcome === 'finished') await files.append(LOG, finishedLine(), 'unflushed')
    // Without a durable point there is nothing to go on from.
    await release(outcome === 'unfinished' && this.#last !== undefined)
  }

  async #commit({ position, held, state, adjoint, final, results }: JournalPoint): Promise<void> {
    const { files } = this.#parts
    const { codecs } = this.#settings
    const write = async (given: { readonly value: unknown } | undefined, codec: Codec<unknown>) =>
      given === undefined
        ? undefined
        : this.#writeValue(await withEncoded(codec, given.value, (bytes) => Uint8Array.from(bytes)))
    this.#final ??= await write(final, codecs.state)
    for (const value of results.slice(this.#results.length))
      this.#results.push((await write({ value }, codecs.adjoint))!)
    const values = {
      state: await write(state, codecs.state),
      adjoint: await write(adjoint, codecs.adjoint),
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
    const line = pointLine(point)
    if (this.#logBytes + line.length > REWRITE_BYTES && this.#logBytes > 2 * line.length)
      await this.#rewrite(point)
    else {
      await files.append(LOG, line, 'flushed')
      this.#logBytes += line.length
      this.#bytes += line.length
    }
    // It is durable: what only the one before it needed can go.
    const before = this.#last
    this.#last = point
    this.#points += 1
    const used = new Set(filesOf(point))
    await files.remove(
      (before === undefined ? [] : filesOf(before)).filter((file) => !used.has(file)).map(valueName),
    )
    for (const [storage, { store }] of this.#stores) await store.settle(needed.get(storage)!)
    this.#lastTime = performance.now()
  }

  async #writeValue(bytes: Uint8Array): Promise<RecordedValue> {
    const file = this.#values++
    await this.#parts.files.create(valueName(file), bytes, 'flushed')
    this.#bytes += bytes.length
    return { file, bytes: bytes.length, crc: crc32(bytes) }
  }

  async #readValue({ file, bytes, crc }: RecordedValue): Promise<Uint8Array> {
    const read = await this.#parts.files.read(valueName(file), bytes)
    if (read === undefined || read.length !== bytes || crc32(read) !== crc)
      throw new CheckpointScheduleError(
        'INVALID_FILE',
        `fileJournal: ${valueName(file)} does not read as it was written.`,
      )
    return read
  }

  async #readLog() {
    const bytes = await this.#parts.files.read(LOG, MOST_LOG_BYTES)
    return bytes && parseLog(bytes)
  }

  /** The last point whose values are all there. */
  async #lastWhole(points: readonly RecordedPoint[]) {
    for (const [rejected, point] of points.toReversed().entries()) {
      const { state, adjoint, final, results } = point.values
      try {
        for (const value of [state, adjoint, final, ...results])
          if (value !== undefined) await this.#readValue(value)
        return { point, rejected }
      } catch (error) {
        // A file that is damaged: an earlier point, then. What a system cannot read now it may read later: nothing is given up for that.
        const { syscall } = error as NodeJS.ErrnoException
        if (syscall !== undefined) throw error
      }
    }
    return { point: undefined, rejected: points.length }
  }

  #restore(point: RecordedPoint): void {
    const { codecs } = this.#settings
    const { state, adjoint, final, results } = point.values
    this.#last = point
    this.#final = final
    this.#results = [...results]
    this.#values = Math.max(-1, ...filesOf(point)) + 1
    this.found = {
      position: point.position,
      results: results.length,
      read: async (what) => {
        const [value, codec] =
          typeof what === 'object'
            ? [results[what.result], codecs.adjoint]
            : what === 'adjoint'
              ? [adjoint, codecs.adjoint]
              : [what === 'state' ? state : final, codecs.state]
        return value && codec.decode(await this.#readValue(value))
      },
    }
  }

  /** A log with its head and this point alone, in the place of the old one all at once. */
  async #rewrite(point: RecordedPoint | undefined): Promise<void> {
    const { files } = this.#parts
    const head = headLine({ identity: this.#settings.identity, note: this.#parts.note })
    const line = point === undefined ? new Uint8Array(0) : pointLine(point)
    const bytes = new Uint8Array(head.length + line.length)
    bytes.set(head)
    bytes.set(line, head.length)
    await files.remove([NEW_LOG])
    await files.create(NEW_LOG, bytes, point === undefined ? 'unflushed' : 'flushed')
    await files.rename(NEW_LOG, LOG)
    if (point !== undefined) await files.flushNames()
    this.#logBytes = bytes.length
    this.#bytes += bytes.length
    // What no point needs: values of later points that were cut off or rejected.
    const used = new Set(point === undefined ? [] : filesOf(point).map(valueName))
    const others = (await files.list()).filter((name) => name.startsWith('value-') && !used.has(name))
    if (point !== this.#last || this.#points === 0) await files.remove(others)
  }

  async #openStore(settings: StoreSettings): Promise<OpenFileStore> {
    const { directory, thread, files } = this.#parts
    const { storage } = settings
    const recorded = this.#last?.stores
    const record = recorded !== undefined && Object.hasOwn(recorded, storage) ? recorded[storage] : undefined
    const taken = new Set(Object.values(recorded ?? {}).map(({ number }) => number))
    const free = () => {
      let number = this.#stores.size
      while (taken.has(number)) number += 1
      return number
    }
    const number = record?.number ?? free()
    const retained = new Retained()
    const store = new OpenFileStore(settings, {
      directory,
      number,
      thread: thread(),
      keep: false,
      retained,
      flushNames: () => files.flushNames(),
    })
    this.#stores.set(storage, { store, retained })
    if (record === undefined || record.slotBytes === 0) return store
    for (const { key, why } of await store.restore(record))
      this.#tell(
        'recomputed',
        `The checkpoint of step ${key.step} in ${storage} cannot be read and is computed again: ${why}`,
      )
    return store
  }

  #tell(type: JournalEvent['type'], message: string): void {
    this.events.push({ type, message })
  }
}

function filesOf({ values: { state, adjoint, final, results } }: RecordedPoint): number[] {
  return [state, adjoint, final, ...results].flatMap((value) => value?.file ?? [])
}
