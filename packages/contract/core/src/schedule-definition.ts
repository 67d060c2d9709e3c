/** What a family declares: facts, options and hooks. One declaration is read by factory, driver, command line, test kit and documentation. */
import type { Action } from './actions.js'
import type { CheckpointKind } from './action-text.js'
import type { CostModel, PredictionCosts } from './costs.js'
import type { OptionDescriptors, OptionInput, OptionValues } from './options.js'
import type { Pieces } from './pieces.js'
import type { RunView } from './run.js'
import type { ActionPrice, ByteLimits, Optimum, PermittedAdjoints, Reference } from './schedule.js'

/** Most checkpoints held at once, by storage: `null` is unbounded, 0 is never used. */
export type Limits = Readonly<Record<string, number | null>>

/** The budget for checkpoints. */
export interface Budget {
  readonly steps: number
  /** Checkpoints of restart data in memory, and on disk; `Infinity` for a disk without a limit. */
  readonly ram: number
  readonly disk: number
  /** The tapes that fit there instead, if a tape is not as large as a state. */
  readonly tapesInRam?: number
  readonly tapesOnDisk?: number
  readonly costs: CostModel
  /** The same in bytes, with all that is known about costs, for families that count bytes. */
  readonly inBytes?: ByteBudget
}

/** A budget for checkpoints in bytes; `disk` is absent without one, `Infinity` without a limit. */
export interface ByteBudget {
  readonly ram: number
  readonly disk?: number
  /** Bytes of one state and of one tape. */
  readonly state: number
  readonly tape: number
  readonly costs: PredictionCosts
}

/** Options that depend on one integer, where the best value is to be searched for. */
export interface OptionRange<Options> {
  /** The smallest and the largest value that fit the budget. */
  readonly from: number
  readonly to: number
  /** Values in between that theory favours. */
  readonly likely?: readonly number[]
  with(value: number): Options
}

/** What every hook of a definition is given. */
export interface ScheduleContext<Options, Plan, Steps extends number | undefined = number | undefined> {
  /** Checked, defaults filled in. */
  readonly options: Options
  /** Made when a hook first reads it, then kept and shared by all runs of the schedule: must not be changed. */
  readonly plan: Plan
  /** The number of steps; `undefined` while an online schedule does not know its end. */
  readonly steps: Steps
}

/** What `optimum` is given in addition: the costs to predict under, if they were asked for. */
export interface OptimumContext<Options, Plan> extends ScheduleContext<Options, Plan, number> {
  readonly costs: PredictionCosts | undefined
}

/** What `actions` is given in addition: the progress of its own run, from which an online schedule learns its end. */
export interface ActionsContext<Options, Plan> extends ScheduleContext<Options, Plan> {
  readonly run: RunView
}

/**
 * A schedule family, declared.
 *
 * A manifest is made from options alone, so that it never waits for a plan: `adjoints` and `period` are given no plan, and
 * `limits` is asked twice.
 */
export interface ScheduleDefinition<
  Ds extends OptionDescriptors = OptionDescriptors,
  Plan = unknown,
  Adjoints extends PermittedAdjoints = PermittedAdjoints,
> {
  /** The name in the field, such as `DiskRevolve`; the factory is exported as `diskRevolve`. */
  readonly name: string
  /** One sentence: what it does, and what it minimises. */
  readonly summary: string
  /** What it is for, and when another schedule is better; a sentence or two. */
  readonly whenToUse: string
  readonly references: readonly Reference[]
  readonly options: Ds
  /** Rules across options: a sentence if one is broken. `given`: the options as they were passed, without defaults. */
  check?(options: OptionValues<Ds>, given: Partial<OptionInput<Ds>>): string | undefined
  /** What its checkpoints hold; by default either kind. The number of bytes that a run may take is foretold from it. */
  readonly contents?: readonly CheckpointKind[]
  /**
   * Sets of options that make the best use of a budget, for the planner; or why there are none. Where it is not known which value of an
   * option is best, a range of them. Costs next to nothing; what fits a budget fits a larger one.
   */
  optionsWithin?(budget: Budget): readonly (OptionInput<Ds> | OptionRange<OptionInput<Ds>>)[] | string
  /** Whether the number of steps may be unknown when a run starts. An offline schedule has an option `steps`. */
  readonly online: boolean
  adjoints: Adjoints | ((context: ScheduleContext<OptionValues<Ds>, undefined>) => Adjoints)
  /**
   * Makes the `plan` of the context. Declare it before the hooks that read it, so that TypeScript can infer its type. If it takes more
   * than some milliseconds, make it a generator, `*plan(options)`, that yields the part that is done (0 to 1) at least every few
   * milliseconds and returns the plan: then `Schedule.prepare` serves the event loop in between.
   */
  plan?(options: OptionValues<Ds>): Plan | Pieces<Plan>
  /**
   * For `Schedule.limits`, the exact maximum that a run holds, `null` only while `steps` is undefined. For the manifest, where `plan` is
   * `undefined`, an upper bound; `null` if the options set none.
   */
  limits(context: ScheduleContext<OptionValues<Ds>, Plan | undefined>): Limits
  /** For the manifest of a schedule that counts bytes: the most that a run holds. Declare `priceOf` as well. */
  bytes?(options: OptionValues<Ds>): ByteLimits
  /**
   * For steps of unequal cost or size: what an action costs and takes, when the steps before `end` are still to be reversed. From it the
   * simulator prices a run and holds it to `bytes`, and the driver refuses a checkpoint that is larger.
   */
  priceOf?(options: OptionValues<Ds>, action: Action, end: number): ActionPrice
  period?(context: ScheduleContext<OptionValues<Ds>, undefined>): number
  /** Yields fresh actions. The run ends by itself after the requested adjoints, so this may repeat EndReverse forever. */
  actions(context: ActionsContext<OptionValues<Ds>, Plan>): Iterator<Action>
  /** What theory says. A generator yields every millisecond or so, if it takes longer than that. */
  optimum?(context: OptimumContext<OptionValues<Ds>, Plan>): Optimum | undefined | Pieces<Optimum | undefined>
}
