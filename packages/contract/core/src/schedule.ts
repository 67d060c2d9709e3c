/** The contract: what a schedule is, what it says about itself, and what a run of it does. */
import type { Action } from './actions.js'
import type { PredictionCosts } from './costs.js'
import type { Pieces } from './pieces.js'
import type { PrepareOptions } from './planning.js'

/** Where a schedule was published. */
export interface Reference {
  readonly authors: string
  readonly title: string
  readonly year: number
  readonly doi?: string
  /** Where in which journal; absent for reports and preprints. */
  readonly published?: {
    readonly journal: string
    readonly volume: string
    readonly number?: string
    /** First and last page, such as `19-45`, or the number of the article. */
    readonly pages: string
  }
}

/** The adjoint calculations that a schedule permits on one forward. */
export type PermittedAdjoints = 0 | 1 | 'unlimited'

/** Limits in bytes. */
export interface ByteLimits {
  /** Most bytes held at once, by storage: `null` is unbounded. */
  readonly limits: Readonly<Record<string, number | null>>
  /** What counts in RAM: checkpoints alone, or also what is in use besides them. In other storages only checkpoints count. */
  readonly includes: 'checkpoints' | 'working storage'
}

/** What one action costs and takes, in a schedule whose steps differ. Times are in the unit of the schedule's options. */
export interface ActionPrice {
  /** Time of its forward or adjoint steps. */
  readonly steps: number
  /** Time of writing or reading its checkpoint. */
  readonly transfer: number
  /** Bytes of the checkpoint that it writes or reads; 0 if there is none. */
  readonly bytes: number
  /** Most bytes in use besides checkpoints while it is carried out; 0 if these do not count. */
  readonly working: number
}

/** What a schedule says about itself, from its options alone: reading it never plans. Pure JSON. */
export interface Manifest<Adjoints extends PermittedAdjoints = PermittedAdjoints> {
  /** The schedule's name in the field, such as `Multistage`. */
  readonly name: string
  /** Whether the number of steps may be unknown when a run starts. */
  readonly online: boolean
  /** The number of steps of the forward, `null` if the schedule is online. */
  readonly steps: number | null
  /** The adjoint calculations permitted on one forward. */
  readonly adjoints: Adjoints
  /**
   * Most checkpoints held at once, by storage; `null` is unbounded, a storage never used is absent. What a run holds, unless that
   * depends on a plan or on an end not known yet: then an upper bound, and `Schedule.limits` has the numbers.
   */
  readonly limits: Readonly<Record<string, number | null>>
  /** For schedules that count bytes: the most that are held at once. Absent if a schedule counts checkpoints alone. */
  readonly bytes?: ByteLimits
  /** The distance of periodic checkpoints in steps, if the schedule has one. */
  readonly period: number | null
  readonly references: readonly Reference[]
  /** The checked options, defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>
}

/** What theory says about a schedule's cost without running it. */
export interface Optimum {
  /** Forward steps in all, taped ones included. Exact below 2^53. */
  readonly forwardSteps: number
  /** Time under the costs asked for, by default the schedule's own (or the default ones), steps and transfers one after another. */
  readonly makespan: number
}

/** How a run starts. */
export interface StartOptions {
  /** The number of steps: finalises an online run by itself, must agree with the plan of an offline one. */
  readonly steps?: number | undefined
  /** The adjoint calculations wanted; by default 1, or 0 if the schedule permits none. */
  readonly adjoints?: number | undefined
}

/** A schedule: a value that can be run any number of times. `Schedule<0>` is one for the forward alone. */
export interface Schedule<Adjoints extends PermittedAdjoints = PermittedAdjoints> extends Iterable<Action> {
  readonly manifest: Manifest<Adjoints>
  /**
   * The exact maximum that a run holds, by storage. Plans if only the plan knows (`diskRevolve`, `hRevolve`).
   *
   * @param steps - Needed by online schedules only; without it, a limit that depends on it is `null`.
   */
  limits(steps?: number): Readonly<Record<string, number | null>>
  /**
   * What an action costs and takes; absent if all steps are equal. O(steps of the action) time at worst.
   *
   * @param end - N - r: the steps before it are still to be reversed.
   */
  readonly priceOf?: (action: Action, end: number) => ActionPrice
  /**
   * The cost without iterating, if theory gives it. Plans if necessary.
   *
   * @param steps - Needed by online schedules only.
   * @param costs - To predict under, by default those that the schedule was planned for.
   */
  optimum(steps?: number, costs?: PredictionCosts): Optimum | undefined
  /**
   * The same in pieces of about a millisecond, for callers that serve an event loop: yields between them, returns the result. Where theory
   * gives a formula there are none.
   */
  optimumInPieces(steps?: number, costs?: PredictionCosts): Pieces<Optimum | undefined>
  /**
   * Makes the plan in slices of 20 ms, between which the event loop is served. Call it before anything else that plans, where that may take
   * long; `runAdjoint` does. Returns `undefined` if there is nothing to plan, or the first slice was enough.
   *
   * @throws The signal's reason, if it aborts.
   * @example
   * ```ts
   * import { diskRevolve } from '@checkpoint-schedules/revolve'
   *
   * const schedule = diskRevolve({ steps: 20_000, snapshotsInRam: 10 })
   * await schedule.prepare({ signal: AbortSignal.timeout(60_000) })
   * ```
   */
  prepare(options?: PrepareOptions): Promise<void> | undefined
  /** The same in pieces of about a millisecond, for callers that hand over the event loop themselves. */
  planInPieces(): Pieces<void>
  /** Starts a fresh run, independent of and equal to every other. The first action of the first one makes the plan. */
  start(options?: StartOptions): Run
  /** The same as `start()`. */
  [Symbol.iterator](): Run
}

/**
 * One pass through a schedule's actions. It ends after the asked number of adjoint calculations. Leaving a
 * `for…of` early does not close it: a second loop continues where the first one stopped.
 */
export interface Run extends IterableIterator<Action> {
  /** The step at whose start the forward stands (after dependency data was loaded: the step of that data). */
  readonly n: number
  /** Adjoint steps done in the current adjoint calculation. */
  readonly r: number
  /** The number of steps, `undefined` until an online run's forward has reached its end. */
  readonly steps: number | undefined
  /** Whether no action is left. */
  readonly isExhausted: boolean
  /**
   * Tells an online run that the forward ended after `steps` steps: legal once, directly after a Forward
   * with n0 < steps <= n1; `n` is then `steps`.
   *
   * @throws `INVALID_FINALIZE`
   */
  finalize(steps: number): void
}
