/** Replays a schedule, or any stream of actions, on the abstract machine. */
import {
  type Action,
  atOnce,
  checkAction,
  CheckpointScheduleError,
  isSchedule,
  type Manifest,
  optionError,
  type Pieces,
  type Run,
  type Schedule,
  show,
} from '@checkpoint-schedules/core'
import { ByteCount, type Sizes } from './byte-count.js'
import { laws, type Violation } from './laws.js'
import { Lookahead } from './lookahead.js'
import { Machine } from './machine.js'
import { Overlap } from './overlap.js'
import { type Prices, pricesOf, type SimulationCosts } from './prices.js'
import { Timeline, type TimelineSample } from './timeline.js'

/** How to simulate. */
export interface SimulateOptions {
  /**
   * The number of steps. Needed by online schedules, and by streams whose last Forward is unbounded; otherwise taken from the schedule or
   * the stream.
   */
  readonly steps?: number
  /** The adjoint calculations: by default 1, or 0 if none is permitted; a stream may hold any number. */
  readonly adjoints?: number
  /** Most checkpoints held at once, by storage; by default the schedule's limits. */
  readonly limits?: Readonly<Record<string, number | null>>
  /**
   * What steps and transfers cost; what is left out has its default. Without it, a schedule of unequal steps is simulated at its own prices.
   */
  readonly costs?: SimulationCosts
  /** Bytes of a state and of a tape: also compute `peakBytes`. A schedule of unequal steps knows its own. */
  readonly sizes?: Sizes
  /** Most bytes held at once, by storage; by default those of the schedule. Needs sizes. */
  readonly byteLimits?: Readonly<Record<string, number | null>>
  /**
   * Also compute `overlapped`, for a driver that has this many buffers: the transfers under way at once, 0 if the run waits for each. The
   * driver's default is 2.
   */
  readonly buffers?: number
  /** The storages whose checkpoints are in this process's memory: there is nothing to overlap with. By default RAM. */
  readonly inMemory?: readonly string[]
  /** Record occupancy over time, in at most this many samples (`true`: 1000). */
  readonly timeline?: boolean | number
  /** For a stream of actions: what its schedule says about itself. */
  readonly manifest?: Manifest
}

/** What came out. */
export interface Simulation {
  /** N, `undefined` if the stream never said. */
  readonly steps: number | undefined
  readonly actions: number
  /** Forward steps taken in all, taped ones included, never past N. */
  readonly forwardSteps: number
  readonly adjointSteps: number
  /** Adjoint calculations finished. */
  readonly adjoints: number
  /** Forward steps over N: 1 is a forward without any recomputation. */
  readonly recomputeFactor: number
  /** Checkpoints stored, by storage. */
  readonly writes: Readonly<Record<string, number>>
  /** Checkpoints copied and moved back, by storage. */
  readonly reads: Readonly<Record<string, number>>
  /** Checkpoints deleted unread, by storage. */
  readonly discards: Readonly<Record<string, number>>
  /** Most checkpoints held at once, by storage. */
  readonly peak: Readonly<Record<string, number>>
  /**
   * Most bytes held at once, by storage, if sizes are known: of checkpoints, and in RAM also of tapes that stay in working memory, but for
   * one, and of what else a schedule counts (`manifest.bytes`).
   */
  readonly peakBytes?: Readonly<Record<string, number>>
  /** Time under the cost model, steps and transfers one after another. */
  readonly makespan: number
  /**
   * The wall time under the cost model if transfers overlap with computation as the driver does it: each storage outside memory carries out
   * one transfer at a time. Never more than `makespan`. Only if `buffers` is given.
   */
  readonly overlapped?: number
  readonly timeline?: readonly TimelineSample[]
  /** The broken laws, the first 100 of them, in order. */
  readonly violations: readonly Violation[]
}

const MOST_VIOLATIONS = 100

/** Actions between two yields: a millisecond or less. */
const PIECE = 1024

/**
 * Replays the actions of a schedule or of any stream of actions (from a file, say) and counts.
 *
 * Streams: memory is O(checkpoints held), time O(actions). Broken laws are reported, not thrown; `verify` throws.
 *
 * @throws `INVALID_OPTION`: an online schedule without `steps`, or a count that is none.
 * @throws `INVALID_ACTION`: what is replayed is no action.
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { simulate } from '@checkpoint-schedules/simulator'
 *
 * simulate(multistage({ steps: 10, snapshotsInRam: 3 })).forwardSteps // 25
 * ```
 */
export function simulate(source: Schedule | Iterable<Action>, options: SimulateOptions = {}): Simulation {
  return atOnce(simulateInPieces(source, options))
}

/**
 * The same in pieces of a thousand actions, for callers that serve an event loop: yields between them, returns the result.
 *
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { simulateInPieces } from '@checkpoint-schedules/simulator'
 *
 * const pieces = simulateInPieces(multistage({ steps: 1000, snapshotsInRam: 3 }))
 * pieces.next().done // false
 * ```
 */
export function* simulateInPieces(
  source: Schedule | Iterable<Action>,
  options: SimulateOptions = {},
): Pieces<Simulation> {
  const violations: Violation[] = []
  return yield* replay(source, options, violations, (violation) => {
    if (violations.length < MOST_VIOLATIONS) violations.push(violation)
  })
}

/**
 * The same, but throws on the first broken law.
 *
 * @throws `BROKEN_LAW` with the `Violation` as `details`.
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { verify } from '@checkpoint-schedules/simulator'
 *
 * verify(multistage({ steps: 10, snapshotsInRam: 3 })).peak // { RAM: 3 }
 * ```
 */
export function verify(source: Schedule | Iterable<Action>, options: SimulateOptions = {}): Simulation {
  return atOnce(replay(source, options, [], throwViolation))
}

/**
 * Throws a broken law as an error.
 *
 * @throws `BROKEN_LAW`, always.
 * @example
 * ```ts
 * import { tape } from '@checkpoint-schedules/core'
 * import { Machine, throwViolation } from '@checkpoint-schedules/simulator'
 *
 * const machine = new Machine({ steps: 1, onViolation: throwViolation })
 * machine.apply(tape(0))
 * machine.forwardSteps // 1
 * ```
 */
export function throwViolation(violation: Violation): never {
  throw new CheckpointScheduleError(
    'BROKEN_LAW',
    `action ${violation.index} breaks the law "${laws[violation.law]}": ${violation.message}`,
    { details: { ...violation } },
  )
}

function* replay(
  source: Schedule | Iterable<Action>,
  options: SimulateOptions,
  violations: readonly Violation[],
  onViolation: (violation: Violation) => void,
): Pieces<Simulation> {
  const schedule = isSchedule(source) ? source : undefined
  if (
    schedule === undefined &&
    typeof (source as Partial<Iterable<Action>> | null)?.[Symbol.iterator] !== 'function'
  )
    throw optionError('simulate', `it takes a schedule or actions that can be iterated; got ${show(source)}.`)
  if (typeof options !== 'object' || options === null)
    throw optionError(
      'simulate',
      `the options must be an object, such as { steps: 100 }; got ${show(options)}.`,
    )
  checkSettings(options)
  const manifest = schedule?.manifest ?? options.manifest
  const steps = options.steps ?? manifest?.steps ?? undefined
  if (schedule !== undefined && steps === undefined) {
    throw optionError(
      'simulate',
      `${manifest!.name} is online: pass { steps }, the number of steps to simulate.`,
    )
  }
  const run: Run | undefined = schedule?.start({ steps, adjoints: options.adjoints })
  const limits = options.limits ?? schedule?.limits(steps) ?? manifest?.limits
  const machine = new Machine({
    // An online run is finalised when the forward gets there.
    steps: run === undefined ? steps : run.steps,
    online: manifest?.online ?? true,
    permitted: manifest?.adjoints,
    limits,
    limitsAreComplete: options.limits === undefined,
    onViolation,
  })
  const prices = pricesOf(options.costs)
  const memory = new Set(options.inMemory ?? ['RAM'])
  const isInMemory = (storage: string) => memory.has(storage)
  const priceOf = options.costs === undefined ? schedule?.priceOf : undefined
  let spent = 0 // at the schedule's own prices
  const elapsed = () => (priceOf === undefined ? makespan(machine, prices, isInMemory) : spent)
  const { buffers, sizes = schedule?.priceOf } = options
  const overlap = buffers === undefined ? undefined : new Overlap({ prices, priceOf, buffers, isInMemory })
  const byteLimits = options.byteLimits ?? manifest?.bytes?.limits
  const bytes = sizes && new ByteCount({ sizes, limits: byteLimits, onViolation })
  const actions = run ?? (source as Iterable<Action>)
  const future = overlap && new Lookahead(actions[Symbol.iterator]())
  const timeline = options.timeline
    ? new Timeline(options.timeline === true ? 1000 : options.timeline)
    : undefined
  let last: Action | undefined
  for (const action of future ?? actions) {
    if (typeof action !== 'object' || (action as unknown) === null) checkAction(action) // throws
    // A stream of unknown length ends where EndForward says.
    if (machine.steps === undefined && action.type === 'EndForward') {
      if (last === undefined) machine.finalize(0)
      else if (last.type === 'Forward') machine.finalize(last.n1)
    }
    const before = machine.forwardSteps + machine.adjointSteps
    const end = (machine.steps ?? steps ?? Infinity) - machine.r
    machine.apply(action)
    bytes?.apply(action, end, machine.actions - 1)
    if (priceOf !== undefined) {
      const price = priceOf(action, end)
      spent += price.steps + price.transfer
    }
    if (machine.steps === undefined && run?.steps !== undefined) machine.finalize(run.steps)
    if (overlap !== undefined && future !== undefined) {
      overlap.perform(action, machine.forwardSteps + machine.adjointSteps - before)
      // An online schedule that does not know its end must not be asked for more.
      if (machine.steps !== undefined && (run === undefined || run.steps !== undefined))
        overlap.readAhead(future, machine)
    }
    timeline?.record(machine, elapsed())
    last = action
    if (machine.actions % PIECE === 0) yield
  }
  machine.finish(options.adjoints ?? expectedAdjoints(machine, manifest))
  const perStorage = (pick: 'writes' | 'reads' | 'discards' | 'peak') =>
    Object.fromEntries(Array.from(machine.storages, ([name, use]) => [name, use[pick]]))
  return {
    steps: machine.steps,
    actions: machine.actions,
    forwardSteps: machine.forwardSteps,
    adjointSteps: machine.adjointSteps,
    adjoints: machine.adjoints,
    recomputeFactor: machine.recomputeFactor,
    writes: perStorage('writes'),
    reads: perStorage('reads'),
    discards: perStorage('discards'),
    peak: perStorage('peak'),
    ...(bytes === undefined ? {} : { peakBytes: bytes.peak }),
    makespan: elapsed(),
    // The sums are rounded differently.
    ...(overlap === undefined ? {} : { overlapped: Math.min(elapsed(), overlap.end) }),
    ...(timeline === undefined ? {} : { timeline: timeline.samples }),
    violations,
  }
}

function checkSettings(options: SimulateOptions): void {
  for (const name of ['steps', 'adjoints', 'buffers'] as const) {
    const count: unknown = options[name]
    if (count !== undefined && !(Number.isSafeInteger(count) && (count as number) >= 0))
      throw optionError('simulate', `${name} must be an integer >= 0; got ${show(count)}.`)
  }
  const { inMemory, sizes } = options
  const isSize = (bytes: unknown) => typeof bytes === 'number' && bytes >= 0
  if (sizes !== undefined && !(isSize(sizes?.state) && isSize(sizes?.tape)))
    throw optionError(
      'simulate',
      `sizes must be { state, tape }, numbers of bytes >= 0; got ${sizes === null ? 'null' : `{ state: ${show(sizes.state)}, tape: ${show(sizes.tape)} }`}.`,
    )
  if (inMemory !== undefined && !Array.isArray(inMemory))
    throw optionError(
      'simulate',
      `inMemory must be a list of storages such as ['RAM']; got ${show(inMemory)}.`,
    )
}

/** A stream without a manifest may end anywhere except within an adjoint calculation. */
function expectedAdjoints({ adjoints, r }: Machine, manifest: Manifest | undefined): number {
  if (manifest === undefined) return r > 0 ? adjoints + 1 : adjoints
  return manifest.adjoints === 0 ? 0 : 1
}

function makespan(machine: Machine, prices: Prices, isInMemory: (storage: string) => boolean): number {
  const { forwardStep, tapedStep, adjointStep, copy, write, read, writeTape, readTape } = prices
  // Differences: where both are the same price, nothing is added, and the rest is exact.
  let time = machine.forwardSteps * forwardStep + machine.tapedSteps * (tapedStep - forwardStep)
  time += machine.adjointSteps * adjointStep
  for (const [storage, { writes, reads, tapeWrites, tapeReads, copies }] of machine.storages) {
    const [w = 0, r = 0] = [write[storage], read[storage]]
    time += writes * w + reads * r
    time += tapeWrites * ((writeTape[storage] ?? 0) - w) + tapeReads * ((readTape[storage] ?? 0) - r)
    time += (writes - tapeWrites + (isInMemory(storage) ? copies : 0)) * copy
  }
  return time
}
