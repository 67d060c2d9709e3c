/** What callers of a queue see. */
import type { Awaitable, ObjectClient } from '@checkpoint-schedules/model'

/** Where a queue is. */
export interface QueueOptions {
  /**
   * The address of Redis or Valkey: `redis://HOST:PORT`, with `rediss:` for TLS, `redis://:PASSWORD@HOST` if it asks for a password. Never
   * shown in messages but for host and port.
   */
  readonly redis: string
  /** The name of the queue: 1 to 60 letters, digits, `.`, `_` and `-`; the first is a letter or digit. */
  readonly name: string
  /**
   * Where results and controls go that are too large for Redis; by default to Redis itself, which holds them in memory. A method that rejects is
   * called again for some minutes, where the error may pass.
   */
  readonly store?: ObjectClient | undefined
}

/** A sum to be computed. Submitting the same one again adds nothing but the parts that are missing. */
export interface Run {
  /** The number of parts, which are numbered from 0. */
  readonly parts: number
  /**
   * All that a worker must have in common with the run, so that its parts have the right bits: model, options, versions. Any text of
   * at most 64 kB; `runs` gives it back. Workers take only parts of runs with their own fingerprint.
   */
  readonly fingerprint: string
  /** What `compute` is given, such as the point at which the gradient is taken; stored once for the run. */
  readonly control?: Uint8Array | undefined
  /** The most bytes of a result, or of the control, in Redis. Default 4 MiB; without meaning if there is a store. */
  readonly mostBytesInRedis?: number | undefined
}

/** A run that a queue knows. */
export interface KnownRun {
  /** Made from the fingerprint, the number of parts and the control, so equal runs have equal ids. 32 hexadecimal digits. */
  readonly id: string
  readonly parts: number
  readonly fingerprint: string
  /** The SHA-256 of the control, in hexadecimal. */
  readonly control: string | undefined
  readonly place: 'redis' | 'store'
  readonly mostBytesInRedis: number
}

/** What `submit` did. */
export interface Submission {
  /** The run's id. */
  readonly id: string
  /** Parts that were put into the queue now. */
  readonly added: number
  /** Of these, parts that had failed. */
  readonly again: number
  /** Parts that are done. */
  readonly done: number
}

/** A part that failed and is not tried again until the run is submitted again. */
export interface DeadPart {
  readonly part: number
  /** Why, in one line. */
  readonly message: string
}

/** How far a run is. */
export interface RunStatus extends KnownRun {
  readonly done: number
  /** Parts that wait for a worker. */
  readonly waiting: number
  /** Parts that a worker has now, or had until lately. */
  readonly active: number
  readonly dead: readonly DeadPart[]
  /** Parts that are neither done nor queued, as after a loss of Redis; submit the run again. */
  readonly lost: readonly number[]
  /** What is done of the parts, parts under way included: 0 to 1. */
  readonly fraction: number
  /** Workers with this fingerprint that are connected now. */
  readonly workers: number
}

/** A result, or why there is none. A damaged result is removed, so that submitting the run again computes it again. */
export type Collected<R> =
  | { readonly part: number; readonly state: 'done'; readonly result: R }
  | { readonly part: number; readonly state: 'missing' }
  | { readonly part: number; readonly state: 'damaged'; readonly message: string }

/** What `compute` gets besides the part's number. */
export interface Assignment {
  /** The run's id. */
  readonly run: string
  /** What was submitted with the run. Equal to the last part's if the run is the same; do not write into it. */
  readonly control: Uint8Array | undefined
  /** Aborted when the worker should stop; reject then, and the part goes back to the queue. */
  readonly signal: AbortSignal
  /** Says how far the part is, 0 to 1, for `status`. May be called as often as you like. */
  readonly progress: (fraction: number) => void
}

/** What a worker reports. */
export type WorkerEvent =
  /** A result is safe. */
  | {
      readonly type: 'done'
      readonly run: string
      readonly part: number
      readonly how: 'computed' | 'done before'
    }
  /** A part failed; `isFinal` if it is not tried again by itself. */
  | {
      readonly type: 'failed'
      readonly run: string
      readonly part: number
      readonly message: string
      readonly isFinal: boolean
    }
  /** A part went back to the queue, as the worker stops. */
  | { readonly type: 'returned'; readonly run: string; readonly part: number }
  /** The queue has a run with another fingerprint, or another place for its results, which this worker leaves to others. Once for each. */
  | { readonly type: 'foreign'; readonly run: KnownRun }
  /** The worker waits until Redis, or the store, is back or has room again. */
  | { readonly type: 'waiting'; readonly message: string }

/** How to work. */
export interface WorkOptions<R> {
  /** As that of the runs to work on. */
  readonly fingerprint: string
  /**
   * Computes a part: a tree of typed arrays, plain objects, numbers, strings, booleans and null. Must give the same bits whoever
   * computes it and however often. It must let the event loop run at least every `lostAfterSeconds` / 2, as models under `runAdjoint` do between their steps.
   *
   * An error of this project other than `STORE_FAILED`, such as `MODEL_FAILED`, makes the part a dead one at once; any other is tried again some times.
   */
  readonly compute: (part: number, assignment: Assignment) => Promise<R>
  /** Stops the worker: what it has under way goes back to the queue. */
  readonly signal?: AbortSignal | undefined
  /** Ends the worker once no part with its fingerprint is waiting or under way. */
  readonly untilEmpty?: boolean | undefined
  /** A worker that was not heard of for so long has lost its part to others. Default 10, from 1 to 604,800; longer than the longest step of the model. */
  readonly lostAfterSeconds?: number | undefined
  /** How many times a part may lose its worker before it is taken for the cause. Default 20. */
  readonly mostLosses?: number | undefined
  /** Called, and awaited, when something happens. */
  readonly onEvent?: ((event: WorkerEvent) => Awaitable<void>) | undefined
}

/** How to wait. */
export interface WaitOptions {
  readonly signal?: AbortSignal | undefined
  readonly onStatus?: ((status: RunStatus) => void) | undefined
}

/** A queue of parts. */
export interface JobQueue {
  /**
   * Puts all parts of a run into the queue that are neither done nor in it, including those that failed.
   *
   * @throws `INVALID_OPTION`: a number or text is out of its range, or the run was submitted with another place for its results.
   * @throws `STORE_FAILED`: Redis does not answer or is full; submit again.
   */
  submit(run: Run): Promise<Submission>
  /** All runs that were submitted and not removed. */
  runs(): Promise<KnownRun[]>
  /** How far a run is. Time: O(parts). @throws `INVALID_OPTION`: there is no such run, or not any more. */
  status(id: string): Promise<RunStatus>
  /**
   * Waits until no part is waiting or under way: each is done, dead or lost.
   *
   * @throws the signal's reason.
   * @throws `INVALID_OPTION`: there is no such run, or not any more.
   * @throws `STORE_FAILED`: Redis has not answered for a minute.
   */
  wait(id: string, options?: WaitOptions): Promise<RunStatus>
  /**
   * The results in the order of their numbers, each checked against its checksum. Memory: one result.
   *
   * @param only - Which parts; by default all.
   */
  collect<R = unknown>(id: string, only?: Iterable<number>): AsyncGenerator<Collected<R>>
  /** Takes parts one after the other and computes them, until it is stopped. One worker to a process: parts are CPU-bound. */
  work<R>(options: WorkOptions<R>): Promise<void>
  /** Forgets a run and its results. Parts under way are not stopped; their results are dropped. */
  remove(id: string): Promise<void>
  /** Ends the connection. */
  close(): Promise<void>
}
