/** `defineSchedule`: from a declaration to a factory of schedules. Our own families use nothing else. */
import type { Action } from './actions.js'
import { checkOptions } from './check-options.js'
import type { PredictionCosts } from './costs.js'
import { CheckpointScheduleError, optionError, show } from './errors.js'
import type { OptionDescriptors, OptionInput, OptionValues } from './options.js'
import { atOnce, inPieces, type Pieces } from './pieces.js'
import { Planning, type PrepareOptions } from './planning.js'
import { ScheduleRun } from './run.js'
import type {
  Budget,
  Limits,
  OptionRange,
  ScheduleContext,
  ScheduleDefinition,
} from './schedule-definition.js'
import type {
  ActionPrice,
  Manifest,
  Optimum,
  PermittedAdjoints,
  Run,
  Schedule,
  StartOptions,
} from './schedule.js'

const factoryBrand = Symbol.for('checkpoint-schedules.factory')
const scheduleBrand = Symbol.for('checkpoint-schedules.schedule')

/** Makes schedules of one family; carries the family's declaration. */
export interface ScheduleFactory<
  Ds extends OptionDescriptors = OptionDescriptors,
  Adjoints extends PermittedAdjoints = PermittedAdjoints,
> {
  (
    ...options: {} extends OptionInput<Ds> ? [options?: OptionInput<Ds>] : [options: OptionInput<Ds>]
  ): Schedule<Adjoints>
  readonly definition: ScheduleDefinition<Ds, unknown, Adjoints>
}

/** A factory of any family: options are checked only at run time, and only the hooks for comparisons are left. */
export interface AnyScheduleFactory {
  // Not `unknown`, which no family's own options would be assignable from.
  (options?: any): Schedule
  readonly definition: Pick<
    ScheduleDefinition,
    'name' | 'summary' | 'whenToUse' | 'references' | 'options' | 'online' | 'contents'
  > & {
    readonly adjoints: Manifest['adjoints'] | ((context: never) => Manifest['adjoints'])
    optionsWithin?(budget: Budget): readonly (object | OptionRange<object>)[] | string
  }
}

/**
 * Makes the factory of a schedule family.
 *
 * Costs nothing until a schedule is made. A schedule checks its options at once. It plans once, by `prepare()`, or else when its first
 * run starts or when `limits()` or `optimum()` needs the plan; its manifest never does.
 *
 * @example
 * ```ts
 * import { defineSchedule, endForward, endReverse, integer, move, reverse, store, tape } from '@checkpoint-schedules/core'
 *
 * // Store every step, then read each one back: the plainest offline schedule.
 * const storeAll = defineSchedule({
 *   name: 'StoreAll',
 *   summary: 'Stores restart data of every step in memory.',
 *   whenToUse: 'When a checkpoint of every step fits in memory, and tapes do not.',
 *   references: [],
 *   options: { steps: integer({ min: 1, help: 'time steps of the forward' }) },
 *   online: false,
 *   adjoints: 1,
 *   limits: ({ options: { steps } }) => ({ RAM: steps - 1 }),
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
export function defineSchedule<
  const Ds extends OptionDescriptors,
  Plan = undefined,
  const Adjoints extends PermittedAdjoints = PermittedAdjoints,
>(definition: ScheduleDefinition<Ds, Plan, Adjoints>): ScheduleFactory<Ds, Adjoints> {
  const call = definition.name.replace(/^./, (letter) => letter.toLowerCase())
  const factory = (received?: OptionInput<Ds>): Schedule<Adjoints> => {
    const options = checkOptions(call, definition.options, received)
    const broken = definition.check?.(options, received ?? {})
    if (broken !== undefined) throw optionError(call, broken, { options })
    return new PlannedSchedule(call, definition, options)
  }
  const named = Object.defineProperty(factory, 'name', { value: call })
  return Object.assign(named, { definition, [factoryBrand]: true }) as ScheduleFactory<Ds, Adjoints>
}

/**
 * Whether `value` is a factory made by `defineSchedule` of any copy of `core`.
 *
 * @example
 * ```ts
 * import { isScheduleFactory } from '@checkpoint-schedules/core'
 *
 * isScheduleFactory(() => {}) // false
 * ```
 */
export function isScheduleFactory(value: unknown): value is AnyScheduleFactory {
  return typeof value === 'function' && factoryBrand in value
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
  return typeof value === 'object' && value !== null && scheduleBrand in value
}

class PlannedSchedule<
  Ds extends OptionDescriptors,
  Plan,
  Adjoints extends PermittedAdjoints,
> implements Schedule<Adjoints> {
  readonly [scheduleBrand] = true
  readonly manifest: Manifest<Adjoints>
  readonly priceOf?: (action: Action, end: number) => ActionPrice
  readonly #call: string
  readonly #definition: ScheduleDefinition<Ds, Plan, Adjoints>
  readonly #options: OptionValues<Ds>
  readonly #ownSteps: number | undefined
  readonly #planning: Planning<Plan>

  constructor(call: string, definition: ScheduleDefinition<Ds, Plan, Adjoints>, options: OptionValues<Ds>) {
    this.#call = call
    this.#definition = definition
    this.#options = options
    const { name, online, adjoints, references } = definition
    const steps = online ? undefined : (options as { readonly steps?: number }).steps
    this.#ownSteps = steps
    // Without the hook no other one reads the plan.
    this.#planning = new Planning(() => definition.plan?.(options) as Plan | Pieces<Plan>)
    const context = { options, plan: undefined, steps }
    this.manifest = Object.freeze({
      name,
      online,
      steps: steps ?? null,
      adjoints: typeof adjoints === 'function' ? adjoints(context) : adjoints,
      limits: usedOnly(definition.limits(context)),
      ...(definition.bytes && { bytes: definition.bytes(options) }),
      period: definition.period?.(context) ?? null,
      references,
      options,
    })
    if (definition.priceOf !== undefined)
      this.priceOf = (action, end) => definition.priceOf!(options, action, end)
  }

  limits(steps?: number): Limits {
    const known = this.#steps(steps)
    return usedOnly(known === 0 ? {} : this.#definition.limits(this.#context(known)))
  }

  optimum(steps?: number, costs?: PredictionCosts): Optimum | undefined {
    return atOnce(this.optimumInPieces(steps, costs))
  }

  planInPieces(): Pieces<void> {
    return this.#planning.inPieces()
  }

  *optimumInPieces(steps?: number, costs?: PredictionCosts): Pieces<Optimum | undefined> {
    const known = this.#steps(steps)
    if (known === undefined) return undefined
    if (known === 0) return { forwardSteps: 0, makespan: 0 }
    yield* this.planInPieces()
    return yield* inPieces(this.#definition.optimum?.(Object.assign(this.#context(known), { costs })))
  }

  prepare(options?: PrepareOptions): Promise<void> | undefined {
    return this.#planning.prepare(options)
  }

  start(options: StartOptions = {}): Run {
    if (typeof options !== 'object' || (options as unknown) === null)
      throw optionError(
        this.#call,
        `start takes an object { steps, adjoints }, or nothing; got ${show(options)}.`,
      )
    const { steps, adjoints } = options
    const permitted: PermittedAdjoints = this.manifest.adjoints
    const wanted = adjoints ?? (permitted === 0 ? 0 : 1)
    if (!Number.isSafeInteger(wanted) || wanted < 0) {
      throw optionError(this.#call, `start: adjoints must be an integer >= 0; got ${show(wanted)}.`)
    }
    if (permitted !== 'unlimited' && wanted > permitted) {
      throw new CheckpointScheduleError(
        'ADJOINTS_NOT_PERMITTED',
        `${this.#call}: permits ${permitted === 0 ? 'no' : 'one'} adjoint calculation; ` +
          `got adjoints ${wanted}. Start a run for each one, or choose a schedule with unlimited adjoints, such as singleMemory.`,
        { details: { permitted, wanted } },
      )
    }
    return new ScheduleRun({
      call: this.#call,
      online: this.#definition.online,
      steps: this.#steps(steps),
      adjoints: wanted,
      actions: (run) => this.#definition.actions(Object.assign(this.#context(this.#ownSteps), { run })),
    })
  }

  [Symbol.iterator](): Run {
    return this.start()
  }

  // Plans when a hook reads `plan`, once for all of them.
  #context<Steps extends number | undefined>(steps: Steps): ScheduleContext<OptionValues<Ds>, Plan, Steps> {
    const options = this.#options
    const planning = this.#planning
    return {
      options,
      steps,
      get plan() {
        return planning.plan
      },
    }
  }

  #steps(steps: number | undefined): number | undefined {
    const planned = this.#ownSteps
    if (steps === undefined) return planned
    if (!Number.isSafeInteger(steps) || steps < 0) {
      throw optionError(this.#call, `steps must be an integer >= 0, at most 2^53-1; got ${show(steps)}.`)
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
