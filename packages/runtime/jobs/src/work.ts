/**
 * A worker: takes a part, computes it, makes its result safe, and only then says that it is done. So a part is never lost, whenever the worker
 * dies; it may be computed twice, which writes the same bits.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CheckpointScheduleError,
  isCheckpointScheduleError,
  messageOf,
  optionError,
  show,
} from '@checkpoint-schedules/core'
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq'
import { findRun, type JobData, runsOf, said } from './desk.js'
import { checkQueueName, listName, PREFIX } from './names.js'
import { connect, type Connection, inWords, isFull } from './redis.js'
import { Results } from './results.js'
import type { KnownRun, QueueOptions, WorkerEvent, WorkOptions } from './types.js'

/** A week. Timers of Node fire at once if they are set to more than 24 days. */
const MOST_LOST_AFTER = 604_800
/** Milliseconds between two looks at the queue when there is nothing to do. */
const LOOK = 500
/** Milliseconds between two reports of progress. */
const REPORT = 1000
/** How long, in milliseconds, a worker that stops waits for Redis. What it could not return is found by others. */
const FAREWELL = 3000

export async function work<R>(options: QueueOptions, working: WorkOptions<R>): Promise<void> {
  checkQueueName(options.name)
  const { lostAfterSeconds = 10, mostLosses = 20, signal } = working
  if (!(lostAfterSeconds >= 1 && lostAfterSeconds <= MOST_LOST_AFTER))
    throw optionError(
      'work',
      `lostAfterSeconds must be a number from 1 to ${MOST_LOST_AFTER}; got ${show(lostAfterSeconds)}.`,
    )
  if (!Number.isSafeInteger(mostLosses) || mostLosses < 0)
    throw optionError('work', `mostLosses must be an integer >= 0; got ${show(mostLosses)}.`)
  if (signal?.aborted) return
  const connection = await connect(options.redis, 'endless')
  try {
    await new WorkerAtWork(options, connection, working).run({ lostAfterSeconds, mostLosses })
  } finally {
    connection.redis.disconnect()
  }
}

class WorkerAtWork<R> {
  readonly #options: QueueOptions
  readonly #connection: Connection
  readonly #working: WorkOptions<R>
  readonly #results: Results
  readonly #stop = new AbortController()
  readonly #foreign = new Set<string>()
  /** The run of the last part, so that its control is read once. */
  #last: { readonly run: KnownRun; readonly control: Uint8Array | undefined } | undefined
  #isBusy = false
  #isWaiting = false

  constructor(options: QueueOptions, connection: Connection, working: WorkOptions<R>) {
    this.#options = options
    this.#connection = connection
    this.#working = working
    this.#results = new Results(options, connection, (error) => this.#wait(error))
  }

  async run({
    lostAfterSeconds,
    mostLosses,
  }: {
    lostAfterSeconds: number
    mostLosses: number
  }): Promise<void> {
    const { fingerprint, signal } = this.#working
    const stop = () => this.#stop.abort(signal?.reason)
    signal?.addEventListener('abort', stop)
    const worker = new Worker<JobData>(
      listName(this.#options.name, { fingerprint, place: this.#place }),
      (job, token) => this.#process(job, token!),
      {
        connection: this.#connection.redis,
        prefix: PREFIX,
        concurrency: 1,
        lockDuration: lostAfterSeconds * 1000,
        stalledInterval: lostAfterSeconds * 500,
        maxStalledCount: mostLosses,
        runRetryDelay: 1000,
        drainDelay: 1,
      },
    )
    worker.on('error', (error) => this.#hear(error))
    worker.on('active', () => (this.#isBusy = true))
    worker.on('drained', () => (this.#isBusy = false))
    this.#connection.redis.on('close', () => this.#wait(new Error('the connection is closed')))
    this.#connection.redis.on('ready', () => (this.#isWaiting = false))
    try {
      await this.#watch(worker)
    } finally {
      signal?.removeEventListener('abort', stop)
      this.#stop.abort()
      // If Redis is away, it is not waited for: others find out.
      const closed = new AbortController()
      const closing = worker.close().finally(() => closed.abort())
      await Promise.race([
        closing,
        sleep(FAREWELL, undefined, { signal: closed.signal }).catch(() => undefined),
      ])
      if (!closed.signal.aborted) void worker.disconnect().catch(() => undefined)
    }
  }

  /** Until the worker is to end. */
  async #watch(worker: Worker<JobData>): Promise<void> {
    const { signal } = this.#stop
    await worker.waitUntilReady()
    while (!signal.aborted) {
      try {
        if (!this.#isBusy) {
          await this.#tellForeign()
          if (this.#working.untilEmpty && (await this.#isEmpty(worker))) return
        }
      } catch (error) {
        this.#hear(error)
      }
      await sleep(LOOK, undefined, { signal }).catch(() => undefined)
    }
  }

  async #isEmpty(worker: Worker<JobData>): Promise<boolean> {
    const { redis } = this.#connection
    const counts = await Promise.all([
      redis.llen(worker.toKey('wait')),
      redis.llen(worker.toKey('active')),
      redis.llen(worker.toKey('paused')),
      redis.zcard(worker.toKey('delayed')),
    ])
    return counts.every((count) => count === 0)
  }

  async #tellForeign(): Promise<void> {
    for (const run of await runsOf(this.#desk)) {
      const isOurs = run.fingerprint === this.#working.fingerprint && run.place === this.#place
      if (isOurs || this.#foreign.has(run.id)) continue
      this.#foreign.add(run.id)
      await this.#tell({ type: 'foreign', run })
    }
  }

  async #process(job: Job<JobData>, token: string): Promise<void> {
    const { run: id, part } = job.data
    const { signal } = this.#stop
    try {
      const run = await this.#said(() => findRun(this.#desk, id))
      if (run === undefined) return // it was removed
      checkPart(run, part, this.#working.fingerprint)
      const isDone = await this.#said(() => this.#results.has(run, part))
      if (!isDone) await this.#compute(run, job)
      this.#isWaiting = false
      await this.#tell({ type: 'done', run: id, part, how: isDone ? 'done before' : 'computed' })
    } catch (error) {
      if (!signal.aborted) return this.#fail(job, error)
      await job.moveToWait(token)
      await this.#tell({ type: 'returned', run: id, part })
      throw new WaitingError()
    }
  }

  async #compute(run: KnownRun, job: Job<JobData>): Promise<void> {
    const { part } = job.data
    const { signal } = this.#stop
    const control = await this.#said(() => this.#control(run))
    const result = await this.#working.compute(part, {
      run: run.id,
      control,
      signal,
      progress: reporter(job),
    })
    signal.throwIfAborted()
    const bytes = await this.#results.encode(run, part, result)
    await this.#said(() => this.#save(run, part, bytes))
  }

  async #control(run: KnownRun): Promise<Uint8Array | undefined> {
    if (this.#last?.run.id !== run.id) this.#last = { run, control: await this.#results.control(run) }
    return this.#last.control
  }

  /** Until the result is safe: Redis may be full for a while. */
  async #save(run: KnownRun, part: number, bytes: Uint8Array): Promise<void> {
    const { signal } = this.#stop
    for (;;) {
      try {
        // A run that was removed meanwhile gets no results: nobody would remove them.
        if ((await findRun(this.#desk, run.id)) !== undefined)
          await this.#results.put(run, part, bytes, signal)
        if ((await findRun(this.#desk, run.id)) === undefined) await this.#results.forget(run, part)
        return
      } catch (error) {
        if (!isFull(error)) throw error
        this.#wait(error)
        await sleep(LOOK, undefined, { signal })
      }
    }
  }

  async #fail(job: Job<JobData>, error: unknown): Promise<never> {
    const { run, part } = job.data
    const message = messageOf(error).split('\n')[0]!.slice(0, 1000)
    const isFinal = !mayPass(error) || job.attemptsMade + 1 >= (job.opts.attempts ?? 1)
    await this.#tell({ type: 'failed', run, part, message, isFinal })
    if (isFinal) throw new UnrecoverableError(message)
    // The pause is here and not in Redis, where the time of a later try would be one of this machine's clock.
    await sleep(LOOK * 2 ** job.attemptsMade, undefined, { signal: this.#stop.signal }).catch(() => undefined)
    throw new Error(message)
  }

  #hear(error: unknown): void {
    const message = messageOf(error)
    // We were too slow, and another worker has the part now, or its job is gone; the result is the same.
    if (/lock|Missing key for job|is not in the active state/i.test(message)) return
    this.#wait(error)
  }

  /** Says once for each outage that the worker waits. */
  #wait(error: unknown): void {
    if (this.#isWaiting || this.#stop.signal.aborted) return
    this.#isWaiting = true
    void this.#tell({ type: 'waiting', message: messageOf(inWords(this.#connection.who, error)) })
  }

  async #tell(event: WorkerEvent): Promise<void> {
    await this.#working.onEvent?.(event)
  }

  #said<T>(call: () => Promise<T>): Promise<T> {
    return said(this.#desk, call)
  }

  get #place(): KnownRun['place'] {
    return this.#options.store === undefined ? 'redis' : 'store'
  }

  get #desk() {
    return { connection: this.#connection, options: this.#options }
  }
}

/** Jobs come from Redis: foreign. */
function checkPart({ parts, fingerprint }: KnownRun, part: unknown, own: string): void {
  const isPart = Number.isSafeInteger(part) && (part as number) >= 0 && (part as number) < parts
  if (!isPart || fingerprint !== own)
    throw new CheckpointScheduleError(
      'INVALID_FILE',
      'a job in the queue does not fit its run; it was put there by something else.',
    )
}

/** Whether the same part may succeed later: a store may come back, a model gives the same error again. */
function mayPass(error: unknown): boolean {
  return !isCheckpointScheduleError(error) || error.code === 'STORE_FAILED'
}

function reporter(job: Job<JobData>): (fraction: number) => void {
  let next = performance.now() + REPORT
  return (fraction) => {
    const now = performance.now()
    if (now < next) return
    next = now + REPORT
    void job.updateProgress(fraction).catch(() => undefined)
  }
}
