/** `defineSchedule`: from a declaration to a factory of schedules. Our own families use nothing else. */
import type { Action } from './actions.js'
import { checkOptions, optionError } from './check-options.js'
import type { CostModel } from './costs.js'
import { CheckpointScheduleError, show } from './errors.js'
import type { OptionDescriptors, OptionInput, OptionValues } from './options.js'
import { ScheduleRun, type RunView } from './run.js'
import type { Manifest, Optimum, Reference, Run, Schedule, StartOptions } from './schedule.js'

/** Most checkpoints held at once, by storage: `null` is unbounded, 0 is never used. */
export type Limits = Readonly<Record<string, number | null>>

/** What there is to spend on checkpoints. */
export interface Budget {
  readonly steps: number
  /** Checkpoints in memory, and on disk. */
  readonly ram: number
  readonly disk: number
  readonly costs: CostModel
}

/** What `actions` is given: the checked options, the plan, and the run's own progress. */
export interface ActionsContext<Options, Plan> {
  readonly options: Options
  readonly plan: Plan
  readonly run: RunView
}

/** A schedule family, declared. */
export interface ScheduleDefinition<Ds extends OptionDescriptors = OptionDescriptors, Plan = any> {
  /** The name in the field, such as `DiskRevolve`; the factory is exported as `diskRevolve`. */
  readonly name: string
  /** One sentence: what it does, and what it minimises. */
  readonly summary: string
  /** When to take it, and when another one; a sentence or two. */
  readonly whenToUse?: string
  readonly references: readonly Reference[]
  readonly options: Ds
  /** Rules across options: a sentence if one is broken. `given`: the options as they were passed, without defaults. */
  check?(options: OptionValues<Ds>, given: Partial<OptionInput<Ds>>): string | undefined
  /** Sets of options with which it makes the best of a budget, for comparisons; or why it cannot. */
  optionsWithin?(budget: Budget): readonly OptionInput<Ds>[] | string
  /** Whether the number of steps may be unknown when a run starts. An offline schedule has an option `steps`. */
  readonly online: boolean
  adjoints: 0 | 1 | 'unlimited' | ((options: OptionValues<Ds>) => 0 | 1 | 'unlimited')
  /** `steps` is given once an online schedule's end is known. */
  limits(options: OptionValues<Ds>, steps?: number): Limits
  period?(options: OptionValues<Ds>): number
  /** Made when the first run starts or `optimum` is asked for, then kept and shared by all runs: must not be changed. */
  plan?(options: OptionValues<Ds>): Plan
  /** Yields fresh actions. The run ends by itself after the asked adjoints, so it may repeat EndReverse for ever. */
  actions(context: ActionsContext<OptionValues<Ds>, Plan>): Iterator<Action>
  optimum?(context: { options: OptionValues<Ds>; plan: Plan; steps: number }): Optimum | undefined
}

const factoryBrand = Symbol.for('checkpoint-schedules.factory')
const scheduleBrand = Symbol.for('checkpoint-schedules.schedule')

/** Makes schedules of one family; carries the family's declaration. */
export interface ScheduleFactory<Ds extends OptionDescriptors = OptionDescriptors> {
  (
    ...options: {} extends OptionInput<Ds> ? [options?: OptionInput<Ds>] : [options: OptionInput<Ds>]
  ): Schedule
  readonly definition: ScheduleDefinition<Ds>
}

/** A factory of whichever family, called with options that are checked at run time. */
export interface AnyScheduleFactory {
  (options?: any): Schedule
  readonly definition: ScheduleDefinition<any>
}

/**
 * Makes the factory of a schedule family.
 *
 * Costs nothing until a schedule is made; a schedule checks its options at once and plans when its first
 * run starts.
 *
 * @example
 * ```ts
 * import { defineSchedule, endForward, endReverse, integer, move, reverse, store, tape } from '@checkpoint-schedules/core'
 *
 * // Store every step, then read each one back: the plainest offline schedule.
 * const storeAll = defineSchedule({
 *   name: 'StoreAll',
 *   summary: 'Stores restart data of every step in memory.',
 *   references: [],
 *   options: { steps: integer({ min: 1, help: 'time steps of the forward' }) },
 *   online: false,
 *   adjoints: 1,
 *   limits: ({ steps }) => ({ RAM: steps - 1 }),
 *   *actions({ options: { steps } }) {
 *     for (let n = 0; n < steps - 1; n++) yield store(n, n + 1, 'RAM')
 *     yield tape(steps - 1)
 *     yield endForward()
 *     yield reverse(steps - 1)
 *     for (let n = steps - 2; n >= 0; n--) {
 *       yield move(n, 'RAM')
 *       yield tape(n)
 *       yield reverse(n)
 *     }
 *     yield endReverse()
 *   },
 * })
 * console.log([...storeAll({ steps: 3 })].length) // 12
 * ```
 */
export function defineSchedule<const Ds extends OptionDescriptors, Plan = undefined>(
  definition: ScheduleDefinition<Ds, Plan>,
): ScheduleFactory<Ds> {
  const call = definition.name.charAt(0).toLowerCase() + definition.name.slice(1)
  const factory = (received?: OptionInput<Ds>): Schedule => {
    const options = checkOptions(call, definition.options, received)
    const broken = definition.check?.(options, received ?? {})
    if (broken !== undefined) throw optionError(call, broken, { options })
    return new PlannedSchedule(call, definition, options)
  }
  Object.defineProperty(factory, 'name', { value: call })
  return Object.assign(factory, { definition, [factoryBrand]: true }) as ScheduleFactory<Ds>
}

/**
 * Whether `value` is a factory made by `defineSchedule`, of whichever copy of `core`.
 *
 * @example
 * ```ts
 * import { isScheduleFactory } from '@checkpoint-schedules/core'
 *
 * isScheduleFactory(() => {}) // false
 * ```
 */
export function isScheduleFactory(value: unknown): value is AnyScheduleFactory {
  return typeof value === 'function' && (value as unknown as Record<symbol, unknown>)[factoryBrand] === true
}

/**
 * Whether `value` is a schedule made by such a factory.
 *
 * @example
 * ```ts
 * import { isSchedule } from '@checkpoint-schedules/core'
 *
 * isSchedule({ manifest: {} }) // false
 * ```
 */
export function isSchedule(value: unknown): value is Schedule {
  return (
    typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[scheduleBrand] === true
  )
}

class PlannedSchedule<Ds extends OptionDescriptors, Plan> implements Schedule {
  readonly [scheduleBrand] = true
  readonly #call: string
  readonly #definition: ScheduleDefinition<Ds, Plan>
  readonly #options: OptionValues<Ds>
  readonly #adjoints: Manifest['adjoints']
  readonly #ownSteps: number | undefined
  #manifest: Manifest | undefined
  #plan: { made: Plan } | undefined

  constructor(call: string, definition: ScheduleDefinition<Ds, Plan>, options: OptionValues<Ds>) {
    this.#call = call
    this.#definition = definition
    this.#options = options
    const { adjoints, online } = definition
    this.#adjoints = typeof adjoints === 'function' ? adjoints(options) : adjoints
    this.#ownSteps = online ? undefined : (options as { readonly steps?: number }).steps
  }

  // Made when it is asked for: some limits are only known from the plan.
  get manifest(): Manifest {
    const { name, online, references } = this.#definition
    this.#manifest ??= Object.freeze({
      name,
      online,
      steps: this.#ownSteps ?? null,
      adjoints: this.#adjoints,
      limits: usedOnly(this.#definition.limits(this.#options)),
      period: this.#definition.period?.(this.#options) ?? null,
      references,
      options: this.#options as Readonly<Record<string, unknown>>,
    })
    return this.#manifest
  }

  limits(steps?: number): Limits {
    return steps === undefined
      ? this.manifest.limits
      : usedOnly(this.#definition.limits(this.#options, this.#steps(steps)))
  }

  optimum(steps?: number): Optimum | undefined {
    const known = this.#steps(steps)
    if (known === undefined) return undefined
    return this.#definition.optimum?.({ options: this.#options, plan: this.#planned(), steps: known })
  }

  start({ steps, adjoints }: StartOptions = {}): Run {
    const permitted = this.#adjoints
    const wanted = adjoints ?? (permitted === 0 ? 0 : 1)
    if (!Number.isSafeInteger(wanted) || wanted < 0) {
      throw optionError(this.#call, `start: adjoints must be an integer >= 0; got ${show(wanted)}.`)
    }
    if (permitted !== 'unlimited' && wanted > permitted) {
      throw new CheckpointScheduleError(
        'ADJOINTS_NOT_PERMITTED',
        `${this.#call}: permits ${permitted === 0 ? 'no adjoint calculation' : 'one adjoint calculation'}; ` +
          `got adjoints ${wanted}. Start a run for each one, or choose a schedule with unlimited adjoints, such as singleMemory.`,
        { details: { permitted, wanted } },
      )
    }
    const known = this.#steps(steps)
    const options = this.#options
    const plan = this.#planned()
    return new ScheduleRun({
      call: this.#call,
      online: this.#definition.online,
      steps: known,
      adjoints: wanted,
      actions: (run) => this.#definition.actions({ options, plan, run }),
    })
  }

  [Symbol.iterator](): Run {
    return this.start()
  }

  #planned(): Plan {
    this.#plan ??= { made: this.#definition.plan?.(this.#options) as Plan }
    return this.#plan.made
  }

  #steps(steps: number | undefined): number | undefined {
    const planned = this.#ownSteps
    if (steps === undefined) return planned
    if (!Number.isSafeInteger(steps) || steps < 1) {
      throw optionError(this.#call, `steps must be an integer >= 1, at most 2^53-1; got ${show(steps)}.`)
    }
    if (planned !== undefined && planned !== steps) {
      throw new CheckpointScheduleError(
        'STEPS_MISMATCH',
        `${this.#call}: was planned for ${planned} steps; got ${steps}. Leave steps out, or make a schedule with { steps: ${steps} }.`,
        { details: { planned, steps } },
      )
    }
    return steps
  }
}

function usedOnly(limits: Limits): Limits {
  return Object.freeze(Object.fromEntries(Object.entries(limits).filter(([, most]) => most !== 0)))
}
