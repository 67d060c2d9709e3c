/** Results and controls: small ones in Redis, or all of them in an object store. What is in a store is marked in Redis as done. */
import { Buffer } from 'node:buffer'
import { CheckpointScheduleError, isCheckpointScheduleError, optionError } from '@checkpoint-schedules/core'
import { type ObjectClient, treeCodec, withEncoded } from '@checkpoint-schedules/model'
import { controlKey, controlObject, digestsKey, partIn, partObject, resultsKey, sha256 } from './names.js'
import { patientStore } from './patient-store.js'
import type { Connection } from './redis.js'
import { CONTROL, opened, sealed } from './sealed.js'
import type { KnownRun, QueueOptions } from './types.js'

/** Where a result is in a store, this is in Redis. */
const ELSEWHERE = 'in the store'
/** In place of the digest of a part's results, which are not all the same. */
const DIFFERS = 'differs'

/** @param onFailure - Called when the store fails in a way that may pass, and is called again. */
export class Results {
  readonly #queue: string
  readonly #connection: Connection
  readonly #store: ObjectClient | undefined

  constructor(
    { name, store }: QueueOptions,
    connection: Connection,
    onFailure: (error: unknown) => void = () => undefined,
  ) {
    this.#queue = name
    this.#connection = connection
    this.#store = store === undefined ? undefined : patientStore(store, onFailure)
  }

  /** The parts that are done. */
  async parts({ id, parts }: KnownRun): Promise<Set<number>> {
    const fields = await this.#connection.redis.hkeys(resultsKey(this.#queue, id))
    return new Set(fields.map(partIn).filter((part) => part !== undefined && part < parts) as number[])
  }

  /** A result as bytes. @throws `INVALID_VALUE`: it is no tree, or too large for Redis. */
  async encode(run: KnownRun, part: number, result: unknown): Promise<Uint8Array> {
    const bytes = await withEncoded(treeCodec, result, (body) => sealed({ run: run.id, part }, body))
    checkSize(run, `the result of part ${part}`, bytes.byteLength)
    return bytes
  }

  /**
   * Writes a result. Writing it twice writes the same bits.
   *
   * @throws `NOT_REPRODUCIBLE`: it was written before, with other bits. Which are right cannot be known, so no result is kept.
   */
  async put(run: KnownRun, part: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    const { id, place } = run
    const { redis } = this.#connection
    const [digests, field, digest] = [digestsKey(this.#queue, id), String(part), sha256(bytes)]
    await redis.hsetnx(digests, field, digest)
    // Without a digest the run was removed meanwhile, which the caller sees.
    const isSame = async () => ((await redis.hget(digests, field)) ?? digest) === digest
    if (await isSame()) {
      const inStore = place === 'store'
      if (inStore) await this.#needStore().put(partObject(this.#queue, id, part), bytes, signal)
      const value = inStore ? ELSEWHERE : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      await redis.hset(resultsKey(this.#queue, id), field, value)
      // Another worker may have come to another result meanwhile.
      if (await isSame()) return
    }
    await redis.hset(digests, field, DIFFERS)
    await this.drop(run, part)
    throw new CheckpointScheduleError(
      'NOT_REPRODUCIBLE',
      `part ${part} was computed twice, with different results: it depends on something besides its number, the control and the fingerprint, such as time, random numbers, the order of threads or the machine. Put what it is into the fingerprint, or remove it. No result is kept.`,
      { details: { run: id, part } },
    )
  }

  /** A result; `undefined` if it is not there. @throws `INVALID_FILE`: it is damaged. */
  async get(run: KnownRun, part: number): Promise<unknown> {
    const bytes = await this.#bytes(run, part)
    if (bytes === undefined) return undefined
    // A copy: what Redis hands out is part of a larger buffer at any offset.
    return treeCodec.decode(Uint8Array.from(opened({ run: run.id, part }, bytes)))
  }

  async #bytes({ id, place }: KnownRun, part: number): Promise<Uint8Array | undefined> {
    if (place === 'store') return this.#fromStore(id, part)
    const { redis } = this.#connection
    return (await redis.hgetBuffer(resultsKey(this.#queue, id), String(part))) ?? undefined
  }

  /** An object that is gone, as by a rule of its bucket, is not done any more: otherwise nothing would ever compute it again. */
  async #fromStore(id: string, part: number): Promise<Uint8Array | undefined> {
    const { redis } = this.#connection
    // Before the object: its mark is set after it.
    const wasDone = await redis.hexists(resultsKey(this.#queue, id), String(part))
    const bytes = await this.#needStore().get(partObject(this.#queue, id, part))
    if (bytes === undefined && wasDone) await redis.hdel(resultsKey(this.#queue, id), String(part))
    return bytes
  }

  /** Whether a result is there, in full. A damaged one is removed. Marks one that only the store knows, as after a loss of Redis. */
  async has(run: KnownRun, part: number): Promise<boolean> {
    try {
      if ((await this.get(run, part)) === undefined) return false
    } catch (error) {
      if (!isCheckpointScheduleError(error) || error.code !== 'INVALID_FILE') throw error
      await this.drop(run, part)
      return false
    }
    if (run.place === 'store')
      await this.#connection.redis.hset(resultsKey(this.#queue, run.id), String(part), ELSEWHERE)
    return true
  }

  /** Removes a result; what its bits were is remembered. */
  async drop({ id, place }: KnownRun, part: number): Promise<void> {
    await this.#connection.redis.hdel(resultsKey(this.#queue, id), String(part))
    if (place === 'store') await this.#needStore().delete(partObject(this.#queue, id, part))
  }

  /** Stores the control of a run that is being submitted. @throws `INVALID_VALUE`: it is too large for Redis. */
  async putControl(run: KnownRun, control: Uint8Array): Promise<void> {
    const bytes = sealed({ run: run.id, part: CONTROL }, control)
    checkSize(run, 'the control', bytes.byteLength)
    if (run.place === 'store') await this.#needStore().put(controlObject(this.#queue, run.id), bytes)
    else await this.#connection.redis.set(controlKey(this.#queue, run.id), Buffer.from(bytes.buffer))
  }

  /** The control of a run; `undefined` if it has none. @throws `INVALID_FILE`: it is damaged, or gone. */
  async control({ id, place, control }: KnownRun): Promise<Uint8Array | undefined> {
    if (control === undefined) return undefined
    const bytes =
      place === 'store'
        ? await this.#needStore().get(controlObject(this.#queue, id))
        : await this.#connection.redis.getBuffer(controlKey(this.#queue, id))
    const body = bytes ? opened({ run: id, part: CONTROL }, bytes) : undefined
    if (body !== undefined && sha256(body) === control) return Uint8Array.from(body)
    throw new CheckpointScheduleError(
      'INVALID_FILE',
      `the control of run ${id} is ${body === undefined ? 'gone' : 'another one'}; submit the run again.`,
    )
  }

  /** Removes all of a part, as of a run that was removed while it was computed. */
  async forget(run: KnownRun, part: number): Promise<void> {
    await this.drop(run, part)
    await this.#connection.redis.hdel(digestsKey(this.#queue, run.id), String(part))
  }

  /** Removes all of a run. */
  async clear(run: KnownRun): Promise<void> {
    const { redis } = this.#connection
    if (run.place === 'store') {
      const store = this.#needStore()
      for (const part of await this.parts(run)) await store.delete(partObject(this.#queue, run.id, part))
      if (run.control !== undefined) await store.delete(controlObject(this.#queue, run.id))
    }
    const keys = [resultsKey, digestsKey, controlKey].map((key) => key(this.#queue, run.id))
    await redis.del(...keys)
  }

  #needStore(): ObjectClient {
    if (this.#store !== undefined) return this.#store
    throw optionError(
      'jobs',
      `the results of this run are in an object store; pass the same store as it was submitted with.`,
    )
  }
}

function checkSize({ place, mostBytesInRedis }: KnownRun, what: string, bytes: number): void {
  if (place === 'store' || bytes <= mostBytesInRedis) return
  throw new CheckpointScheduleError(
    'INVALID_VALUE',
    `${what} has ${bytes} bytes, and at most ${mostBytesInRedis} go to Redis, which holds them in memory; submit the run with an object store for results, or with a higher limit.`,
  )
}
