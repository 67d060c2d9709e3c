/**
 * The objects of a journal: its files, and the indexes that make them durable.
 *
 * ```
 * PREFIX/writer                 who writes
 * PREFIX/3f2a…/index-0       the last index of that writer, and
 * PREFIX/3f2a…/index-1       the one before
 * PREFIX/3f2a…/17               a checkpoint, or a part of one, or a value
 * ```
 *
 * What is deleted is named by neither index. So each of the two has all its objects, and if a request that seemed lost overwrites the newer
 * one with an older, the run continues from the other.
 */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { JournalFiles, LogFile } from '@checkpoint-schedules/storage-slots'
import { isDataName } from '@checkpoint-schedules/storage-slots'
import { type JournalIndex, indexBytes, indexKeys, parseIndex } from './journal-index.js'
import { type Held, newWriter, ObjectFiles } from './object-files.js'
import { aFewAtATime } from './pieces.js'
import { MOST_OVER, readRegister, register, type Registered, registerKey } from './register.js'
import type { RetryingClient } from './retrying.js'

/** The reason of the error for a writer that was replaced. */
export const TAKEN_OVER = 'TAKEN_OVER'

/** How many numbers are reserved for objects at first, and at most: twice as many each time they run out between two durable points. */
const [AHEAD, MOST_AHEAD] = [64, 4096]

/** What is found of an earlier writer. */
export interface Found {
  readonly writer: string
  /** `undefined`: its indexes are there, but damaged. */
  readonly index: JournalIndex | undefined
}

export class JournalObjects {
  readonly files: ObjectFiles
  readonly #client: RetryingClient
  readonly #prefix: string
  readonly #writer: string
  // Writers that this one has replaced, the latest first.
  readonly #over: readonly string[]
  // The indexes of these are deleted once there is one of ours.
  #replaced: readonly string[]
  readonly #base: string | null
  #log: Uint8Array | undefined
  #generation = 0
  /** The key of the last index that was acknowledged, its generation, and the oldest that may still be read. */
  #turn = 1
  #durable = 0
  #oldest = 0
  #reserved = 0
  #ahead = AHEAD
  /** Objects from this number on are in no index, not even one that seemed lost. */
  #unseen = 0
  #publishing: Promise<void> = Promise.resolve()

  private constructor(
    client: RetryingClient,
    prefix: string,
    partBytes: number,
    writer: string,
    over: readonly string[],
    found: Found | undefined,
  ) {
    this.#client = client
    this.#prefix = prefix
    this.#writer = writer
    this.#base = found?.writer ?? null
    const { replaced = [] } = found?.index ?? {}
    this.#replaced = found === undefined ? [] : [found.writer, ...replaced].slice(0, MOST_OVER)
    this.#over = over
    const reserve = (bound: number) => this.#reserve(bound)
    this.files = new ObjectFiles({ client, prefix, writer, partBytes, reserve })
    if (found === undefined) return
    const { index } = found
    this.#log = index?.log ?? new Uint8Array(0)
    if (index === undefined) return
    for (const [name, objects] of index.files) this.files.files.set(name, { ...objects, named: 0 })
    for (const objects of index.garbage) this.files.garbage.add({ ...objects, named: 0 })
    // What it may have written since.
    const [first, bytes] = [index.next, index.reserved - index.next]
    if (bytes > 0) this.files.garbage.add({ writer: found.writer, first, bytes, pieceBytes: 1, named: 0 })
  }

  /** Registers a new writer, which continues from the last index. */
  static async take(client: RetryingClient, prefix: string, partBytes: number): Promise<JournalObjects> {
    const writer = newWriter()
    const registered = await readRegister(client, prefix)
    const earlier = await lastOf(client, prefix, registered)
    const over = overOf(registered, earlier)
    await register(client, prefix, { writer, base: earlier?.writer ?? null, over })
    // Read again, now that the earlier writer will see this one.
    const found = await lastOf(client, prefix, registered)
    if (found !== undefined && found.writer !== earlier?.writer)
      await register(client, prefix, { writer, base: found.writer, over })
    return new JournalObjects(client, prefix, partBytes, writer, over, found)
  }

  get journalFiles(): JournalFiles {
    const { files } = this
    return {
      log: this.#logFile,
      create: (name, bytes) => files.write(name, [bytes]),
      read: async (name, most) => {
        const objects = files.files.get(name)
        if (objects === undefined) return undefined
        if (objects.bytes > most)
          throw new Error(`${name} has ${objects.bytes} bytes; at most ${most} were expected`)
        const bytes = new Uint8Array(objects.bytes)
        await files.read(name, [bytes])
        return bytes
      },
      remove: async (names) => files.remove(names),
      list: async () => [...files.files.keys()].filter(isDataName),
      flushNames: async () => undefined, // the index does
    }
  }

  /** Throws if another writer has taken the journal over. Then deletes what is not needed any more. */
  async confirm(): Promise<void> {
    const oldest = this.#oldest
    if (!(await this.#isOurs())) throw replaced(this.#prefix)
    this.files.sweep(oldest)
    if (this.#durable > 0) await this.#deleteReplaced()
  }

  /** Deletes the indexes of the writers before, which count no longer. */
  async #deleteReplaced(): Promise<void> {
    const keys = this.#replaced.flatMap((writer) => indexKeys(this.#prefix, writer))
    await aFewAtATime(keys.length, 4, (i) => this.#client.delete(keys[i]!))
    this.#replaced = []
  }

  /** Whether there is an index of this writer, without which nothing of it counts. */
  get isDurable(): boolean {
    return this.#durable > 0
  }

  /** Leaves the journal. Without `keep`, everything is deleted. */
  async release(keep: boolean): Promise<void> {
    await this.#publishing
    if (!(await this.#isOurs())) return this.#deleteUnseen()
    if (keep) return this.files.swept(this.#oldest)
    this.files.remove([...this.files.files.keys()])
    await this.files.swept(Infinity)
    await this.#deleteReplaced()
    const keys = indexKeys(this.#prefix, this.#writer)
    // The newest last, and after it who wrote it.
    const [newest, older] = this.#turn === 0 ? keys : keys.toReversed()
    for (const key of [older, newest, registerKey(this.#prefix)]) await this.#client.delete(key!)
  }

  /** Deletes what was written since the last index: the new writer knows the rest. */
  async #deleteUnseen(): Promise<void> {
    const { files, garbage } = this.files
    const isUnseen = (objects: Held) => objects.writer === this.#writer && objects.first >= this.#unseen
    for (const [name, objects] of files) if (isUnseen(objects)) this.files.remove([name])
    for (const objects of garbage) if (!isUnseen(objects)) garbage.delete(objects)
    await this.files.swept(Infinity)
  }

  async #isOurs(): Promise<boolean> {
    for (;;) {
      const found = await readRegister(this.#client, this.#prefix)
      if (found?.writer === this.#writer) return true
      if (found === undefined || !(await this.#mayInsist(found))) return false
      await register(this.#client, this.#prefix, {
        writer: this.#writer,
        base: this.#base,
        over: this.#over,
      })
    }
  }

  /** Whether this writer is to be registered again. Of two that ask, only one may. */
  async #mayInsist({ writer, over }: Registered): Promise<boolean> {
    if (over.includes(this.#writer)) return false
    // Nobody registers twice. So one that was replaced is there by a request that seemed lost.
    if (this.#over.includes(writer)) return true
    // Neither has seen the other: they began at the same time, or it is dead and a request of it is late.
    if (this.#durable === 0) return false
    const hasIndex = (await indexOf(this.#client, this.#prefix, writer)) !== undefined
    return !hasIndex || this.#writer > writer
  }

  readonly #logFile: LogFile = {
    rewriteBytes: 0, // it is written as a whole each time
    read: async () => this.#log,
    readStart: async (count) => this.#log?.subarray(0, count),
    append: async (bytes) => {
      const before = this.#log ?? new Uint8Array(0)
      const log = new Uint8Array(before.length + bytes.length)
      log.set(before)
      log.set(bytes, before.length)
      await this.#publish(log)
    },
    replace: async (bytes, _, confirm) => {
      await confirm()
      await this.#publish(bytes)
    },
  }

  /** Makes an index durable that reserves numbers below `bound`, if there is none yet. */
  async #reserve(bound: number): Promise<void> {
    while (bound > this.#reserved) {
      this.#ahead = Math.min(2 * this.#ahead, MOST_AHEAD)
      await this.#publish()
    }
  }

  /** Makes the files durable, with a new log or the one that is there. One after another. */
  #publish(log?: Uint8Array): Promise<void> {
    const published = this.#publishing.then(() => this.#publishNow(log ?? this.#log ?? new Uint8Array(0)))
    this.#publishing = published.catch(() => undefined)
    return published
  }

  async #publishNow(log: Uint8Array): Promise<void> {
    const generation = ++this.#generation
    const { files, garbage, next } = this.files
    const reserved = next + this.#ahead
    this.#unseen = next
    for (const objects of files.values()) objects.named = generation
    const index: JournalIndex = {
      generation,
      next,
      reserved,
      over: this.#over,
      replaced: this.#replaced,
      files,
      garbage: [...garbage],
      log,
    }
    // After a failure the same key again: the other one has the last that is durable.
    const turn = 1 - this.#turn
    const key = indexKeys(this.#prefix, this.#writer)[turn]!
    await this.#client.put(key, indexBytes(index))
    this.#oldest = this.#durable === 0 ? generation : this.#durable
    this.#durable = generation
    this.#turn = turn
    this.#reserved = reserved
    this.#log = log
  }
}

/** The last index of a journal, whoever wrote it; `undefined` if there is no journal. */
export async function findLast(client: RetryingClient, prefix: string): Promise<Found | undefined> {
  return lastOf(client, prefix, await readRegister(client, prefix))
}

async function lastOf(
  client: RetryingClient,
  prefix: string,
  registered: Registered | undefined,
): Promise<Found | undefined> {
  if (registered === undefined) return undefined
  const { writer, base } = registered
  const found = await indexOf(client, prefix, writer)
  return found ?? (base === null ? undefined : indexOf(client, prefix, base))
}

/** The newer index of a writer that is whole; `undefined` if it has none at all. */
async function indexOf(client: RetryingClient, prefix: string, writer: string): Promise<Found | undefined> {
  const found = await Promise.all(indexKeys(prefix, writer).map((key) => client.get(key)))
  const there = found.filter((bytes) => bytes !== undefined)
  if (there.length === 0) return undefined
  const whole = there.map(parseIndex).filter((it) => it !== undefined)
  const index = whole.reduce<JournalIndex | undefined>(
    (newest, it) => (newest === undefined || it.generation > newest.generation ? it : newest),
    undefined,
  )
  return { writer, index }
}

/** Whom a new writer replaces. */
function overOf(registered: Registered | undefined, last: Found | undefined): string[] {
  const all = [registered?.writer, last?.writer, ...(registered?.over ?? []), ...(last?.index?.over ?? [])]
  return [...new Set(all.filter((it) => it !== undefined))].slice(0, MOST_OVER)
}

function replaced(prefix: string): CheckpointScheduleError {
  return new CheckpointScheduleError(
    'STORE_FAILED',
    `storage-object: another run has taken over or removed the journal under ${prefix}, and continues from its last durable point; this one ends. ` +
      'Give each run that is to work at the same time a prefix of its own.',
    { details: { prefix, reason: TAKEN_OVER } },
  )
}
