/** All that a run has: its course, its checkpoints, and what is alive in working storage. */
import type { Limits } from '@checkpoint-schedules/core'
import { Checkpoints } from '../checkpoints/checkpoints.js'
import { type Awaitable, type Codec, independentCopy, treeCodec } from '@checkpoint-schedules/model'
import { Course } from './course.js'
import type { RunClock } from './run-clock.js'
import type { AdjointResult, RunAdjointOptions } from './run-options.js'
import { Meter, type RunStatistics, type StorageStatistics } from './statistics.js'
import { Owner, Pool, TapeWatch, Tapes } from '../values/index.js'

export class Workspace<State, Tape, Adjoint> {
  readonly codecs: {
    readonly state: Codec<State>
    readonly tape: Codec<Tape>
    readonly adjoint: Codec<Adjoint>
  }
  readonly watch: TapeWatch
  readonly course: Course
  readonly checkpoints: Checkpoints
  readonly state: Owner<State>
  readonly final: Owner<State>
  readonly adjoint: Owner<Adjoint>
  /** What a function that makes the terminal adjoint is shown of the final state. */
  readonly seen: Owner<State>
  readonly results: Owner<Adjoint>[] = []
  /** Tapes in ADJ_DEPS. */
  readonly taped: Tapes<Tape>
  /** Tapes in WORKING_MEMORY. */
  readonly kept: Tapes<Tape>
  readonly #live = new Meter()
  readonly #pool: Pool<State> | undefined
  readonly #tapeCount = new Meter()
  readonly #tapeBytes = new Meter()

  constructor(options: RunAdjointOptions<State, Tape, Adjoint>, limits: Limits) {
    const { schedule, model, steps, adjoints } = options
    const given = model.codecs?.state ?? (treeCodec as Codec<State>)
    const state = withoutReuse(given)
    const tape = model.codecs?.tape ?? (treeCodec as Codec<Tape>)
    const adjoint = model.codecs?.adjoint ?? (treeCodec as Codec<Adjoint>)
    this.codecs = { state, tape, adjoint }
    if (given.copyInto !== undefined)
      // One more than there are slots: what the forward works on.
      this.#pool = new Pool(given, this.#live, () => this.checkpoints.freeSlots + 1)
    const isReleased = tape.dispose !== undefined || state.dispose !== undefined
    this.watch = new TapeWatch(isReleased || this.#pool !== undefined)
    this.state = new Owner(state, this.#live, this.#pool)
    this.final = new Owner(state, this.#live)
    this.adjoint = new Owner(adjoint, this.#live)
    this.seen = new Owner(state, this.#live)
    this.taped = new Tapes(tape, this.watch, this.#tapeCount, this.#tapeBytes, this.#live)
    this.kept = new Tapes(tape, this.watch, this.#tapeCount, this.#tapeBytes, this.#live)
    this.checkpoints = new Checkpoints({
      codecs: { restart: state, dependency: tape },
      memoryCodecs: {
        restart: this.#pool === undefined ? state : reusing(state, this.#pool),
        dependency: tape,
      },
      live: this.#live,
      watch: this.watch,
      buffers: options.buffers ?? 2,
      signal: options.signal,
    })
    this.course = new Course(schedule, limits, { steps, adjoints })
  }

  /** A copy of the state that is held, for a store. */
  copyOfState(): Awaitable<State> {
    const { value } = this.state
    return this.#pool === undefined ? independentCopy(this.codecs.state, value) : this.#pool.copy(value)
  }

  /** A place for the result of an adjoint calculation. */
  newResult(): Owner<Adjoint> {
    const owner = new Owner(this.codecs.adjoint, this.#live)
    this.results.push(owner)
    return owner
  }

  /**
   * Releases all that is alive, the results only if asked. Continues to the end, then throws the first error met.
   *
   * @param what - `working`: also what the model is given to work on; not where it may still be at work.
   */
  async release({ results, working }: { results: boolean; working: boolean }): Promise<void> {
    const owners = [
      ...(working ? [this.state, this.adjoint, this.seen] : []),
      ...(working && results ? [this.final] : []),
      ...(results ? this.results : []),
    ]
    const releases = [
      ...owners.map((owner) => () => owner.drop()),
      ...(working ? [() => this.taped.clear(), () => this.kept.clear()] : []),
      () => this.checkpoints.close(),
      () => this.#pool?.clear(),
    ]
    const errors: unknown[] = []
    for (const release of releases) {
      try {
        await release()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }

  /** Hands the results over; everything else was released. */
  handOver(): Omit<AdjointResult<State, Adjoint>, 'statistics'> {
    const bytes = this.results.reduce((sum, owner) => sum + owner.bytes, this.final.bytes)
    if (this.#live.live !== bytes)
      throw new Error(`runAdjoint: ${this.#live.live - bytes} bytes were not released; this is a bug.`)
    return { finalState: this.final.take(), adjoints: this.results.map((owner) => owner.take()) }
  }

  /** What the run did. */
  statistics(clock: RunClock): RunStatistics {
    const { course, checkpoints } = this
    clock.stop()
    const { forward, tape, adjoint, storage, elapsed } = clock
    const { forwardSteps, adjointSteps, recomputeFactor } = course.counts
    const perStorage = checkpoints.use.map(({ name, medium, peakBytes }): [string, StorageStatistics] => {
      const { writes = 0, reads = 0, discards = 0, peak = 0 } = course.holdings.storages.get(name) ?? {}
      return [name, { medium, writes, reads, discards, peakCheckpoints: peak, peakBytes }]
    })
    return {
      steps: course.end,
      forwardSteps,
      adjointSteps,
      recomputeFactor,
      storages: Object.fromEntries(perStorage),
      buffers: { peak: checkpoints.peakBuffers },
      tapes: { peak: this.#tapeCount.peak, peakBytes: this.#tapeBytes.peak },
      stateBytes: Math.max(this.state.largest, this.final.largest),
      tapeBytes: this.#tapeBytes.largest,
      adjointBytes: this.adjoint.largest,
      peakLiveBytes: this.#live.peak,
      timeMs: {
        forward: forward.time,
        tape: tape.time,
        adjoint: adjoint.time,
        storage: storage.time,
        total: elapsed,
      },
    }
  }
}

/** The codec as all others know it: plain trees have `treeCodec` itself. */
function withoutReuse<T>(codec: Codec<T>): Codec<T> {
  if (codec.copyInto === undefined) return codec
  const members = ['clone', 'byteLength', 'dispose', 'encode', 'decode'] as const
  const isTree = members.every((name) => codec[name] === (treeCodec as Codec<T>)[name])
  return isTree ? (treeCodec as Codec<T>) : codec
}

function reusing<T>(codec: Codec<T>, pool: Pool<T>): Codec<T> {
  return {
    clone: (value) => pool.copy(value),
    dispose: (value) => pool.give(value),
    byteLength: (value) => codec.byteLength(value),
    encode: (value) => codec.encode(value),
    decode: (bytes) => codec.decode(bytes),
  }
}
