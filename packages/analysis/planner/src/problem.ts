/** What is to be planned, checked: sizes in bytes, complete costs, named families, and what was assumed where nothing was given. */
import { type AnyScheduleFactory, isScheduleFactory, optionError, show } from '@checkpoint-schedules/core'
import { workingBytes } from '@checkpoint-schedules/model'
import type { SimulationCosts } from '@checkpoint-schedules/simulator'
import { type Bytes, bytesOf } from './bytes.js'
import { checkCosts, type FullCosts } from './check-costs.js'

/** What a plan starts from. */
export interface PlanOptions {
  /** Time steps of the forward. */
  readonly steps: number
  /**
   * The most that a run may hold. RAM covers everything: the working state, a tape, the adjoint, the final state and buffers come off first
   * (`workingBytes`), checkpoints take the rest. Without DISK there is none; `'unlimited'` is one without a limit.
   */
  readonly budget: { readonly RAM: Bytes; readonly DISK?: Bytes | undefined }
  /** What one state, the tape of one step and an adjoint take; `measureModel` measures it. A tape and an adjoint are by default like a state. */
  readonly sizes: {
    readonly state: Bytes
    readonly tape?: Bytes | undefined
    readonly adjoint?: Bytes | undefined
  }
  /** What steps and transfers take, in any one unit of time; `measureModel` measures it. By default 1 a step and 2 a transfer to or from DISK. */
  readonly costs?: SimulationCosts | undefined
  /** The schedules to choose from, such as `[revolve, hRevolve]`, or everything that packages export: `{ ...basic, ...revolve }`. */
  readonly families: readonly unknown[] | Readonly<Record<string, unknown>>
  /** The option `buffers` of `runAdjoint`, by default 2: transfers to and from the disk under way at once. 0: the run waits for each. */
  readonly overlap?: number | undefined
  /** Whether RAM covers working storage, too. By default it does; otherwise it is for checkpoints alone. */
  readonly countsWorkingStorage?: boolean | undefined
  /** Ends planning; its promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Called before each schedule is looked at. */
  readonly onProgress?: ((progress: PlanProgress) => void) | undefined
}

/** How far planning is. */
export interface PlanProgress {
  /** First the best options of each family are searched for, then the winners are simulated. */
  readonly phase: 'search' | 'simulate'
  /** The schedule at work. */
  readonly family: string
  /** How many are done in this phase, and how many there are. */
  readonly done: number
  readonly total: number
}

/** Bytes of one value. */
export interface Sizes {
  readonly state: number
  readonly tape: number
  readonly adjoint: number
}

export interface Problem {
  readonly steps: number
  readonly budget: { readonly RAM: number; readonly DISK: number }
  readonly sizes: Sizes
  readonly costs: FullCosts
  readonly families: readonly (readonly [string, AnyScheduleFactory])[]
  readonly buffers: number
  readonly assumptions: readonly string[]
  /** What a run holds in memory besides checkpoints. */
  readonly working: (usesDisk: boolean) => number
}

/** @throws `INVALID_OPTION` */
export function problemOf(call: string, options: PlanOptions): Problem {
  if (typeof options !== 'object' || options === null)
    throw optionError(
      call,
      `the options must be an object { steps, budget, sizes, families }; got ${show(options)}.`,
    )
  const { steps, overlap = 2, countsWorkingStorage = true } = options
  if (!Number.isSafeInteger(steps) || steps < 1)
    throw optionError(call, `steps must be an integer >= 1, at most 2^53-1; got ${show(steps)}.`)
  if (!Number.isSafeInteger(overlap) || overlap < 0)
    throw optionError(
      call,
      `overlap must be an integer >= 0, the transfers under way at once; got ${show(overlap)}.`,
    )
  const budget = budgetOf(call, options.budget)
  const assumptions: string[] = []
  const sizes = sizesOf(call, options.sizes, assumptions)
  const working = (usesDisk: boolean) =>
    countsWorkingStorage
      ? workingBytes({
          stateBytes: sizes.state,
          tapeBytes: sizes.tape,
          adjointBytes: sizes.adjoint,
          buffers: usesDisk ? overlap : 0,
        })
      : 0
  return {
    steps,
    budget,
    sizes,
    costs: checkCosts(call, options.costs, budget.DISK > 0, sizes, assumptions),
    families: familiesOf(call, options.families),
    buffers: overlap,
    assumptions,
    working,
  }
}

function budgetOf(call: string, budget: unknown): Problem['budget'] {
  if (!isRecord(budget))
    throw optionError(
      call,
      `budget must be an object such as { RAM: '8GB', DISK: '1TB' }; got ${show(budget)}.`,
    )
  const other = Object.keys(budget).find((name) => name !== 'RAM' && name !== 'DISK')
  if (other !== undefined)
    throw optionError(
      call,
      `budget names the storage ${show(other)}; it takes RAM and DISK. For further levels of storage, use hRevolve({ levels }).`,
    )
  if (budget['RAM'] === undefined)
    throw optionError(
      call,
      "budget.RAM is missing; pass the memory that the run may take, such as { RAM: '8GB' }.",
    )
  return {
    RAM: bytesOf(call, 'budget.RAM', budget['RAM']),
    DISK: budget['DISK'] === undefined ? 0 : bytesOf(call, 'budget.DISK', budget['DISK'], true),
  }
}

function sizesOf(call: string, sizes: unknown, assumptions: string[]): Sizes {
  if (!isRecord(sizes) || sizes['state'] === undefined)
    throw optionError(
      call,
      'sizes.state is missing; pass the bytes of one state, such as { state: 80e6 }, or what measureModel returns.',
    )
  const state = bytesOf(call, 'sizes.state', sizes['state'])
  if (state === 0) throw optionError(call, 'sizes.state must be at least 1 byte; got 0.')
  const like = (name: 'tape' | 'adjoint', what: string) => {
    if (sizes[name] !== undefined) return bytesOf(call, `sizes.${name}`, sizes[name])
    assumptions.push(`${what} is as large as a state`)
    return state
  }
  return { state, tape: like('tape', 'a tape'), adjoint: like('adjoint', 'the adjoint') }
}

function familiesOf(call: string, families: unknown): Problem['families'] {
  const example =
    'families takes the factories of schedules, such as [revolve, hRevolve] or { ...multistage, ...revolve }'
  if (typeof families !== 'object' || families === null)
    throw optionError(call, `${example}; got ${show(families)}.`)
  const named = Object.entries(families).map(([key, factory]): readonly [string, AnyScheduleFactory] => {
    if (isScheduleFactory(factory)) return [Array.isArray(families) ? factory.name : key, factory]
    throw optionError(call, `${example}; got ${show(factory)} as ${show(key)}.`)
  })
  const usable = named.filter(([, { definition }]) => definition.adjoints !== 0)
  if (usable.length === 0) throw optionError(call, `${example}; got none that permits an adjoint.`)
  return usable
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
