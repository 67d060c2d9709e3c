/**
 * The best schedule for a run whose number of steps nobody knows: what each online family takes over a range of step numbers.
 *
 * Each schedule is looked at for some step numbers of the range in geometric progression, and must fit the budget for all of them.
 */
import { optionError, type Schedule, show, stepsTime } from '@checkpoint-schedules/core'
import { showBytes } from './bytes.js'
import { type Family, foretell, type Member } from './foretell.js'
import type { StorageBytes } from './least-budget.js'
import { membersOf } from './members.js'
import { type PlanOptions, type Problem, problemOf } from './problem.js'
import { Turns } from './turns.js'

/** What a plan for an unknown number of steps starts from. */
export interface UnknownStepsOptions extends Omit<PlanOptions, 'steps'> {
  /** The least and the largest number of steps to expect; `'unknown'`: from 1 to a million. */
  readonly steps: { readonly from: number; readonly to: number } | 'unknown'
}

/** A schedule that fits the budget whatever the number of steps in the range turns out to be. */
export interface UnknownStepsCandidate {
  /** The name of its family: the key in a record of families, or the factory's name. */
  readonly family: string
  readonly schedule: Schedule
  readonly options: object
  /** The option `buffers` for `runAdjoint`. */
  readonly buffers: number
  /**
   * How many times as long it takes as running each step and its adjoint once, steps and transfers one after another: for the number of
   * steps where that is worst, and in the mean over the range.
   */
  readonly worst: { readonly steps: number; readonly factor: number }
  readonly mean: number
  /** The most bytes held at once, in memory with working storage. */
  readonly peakBytes: StorageBytes
}

/** The online schedules that fit a budget, ranked, and those that do not. */
export interface UnknownStepsPlan {
  /** The best one of each family, least worst factor first. */
  readonly candidates: readonly UnknownStepsCandidate[]
  readonly leftOut: readonly { readonly family: string; readonly reason: string }[]
  /** The step numbers that were looked at. */
  readonly steps: readonly number[]
  /** What was taken for granted because nothing was given. */
  readonly assumptions: readonly string[]
}

const UNKNOWN_STEPS = { from: 1, to: 1_000_000 }

/** Step numbers looked at, besides both ends. */
const POINTS = 30

/**
 * Ranks the online schedules that fit a budget for every number of steps in a range, by the worst that they take.
 *
 * Takes up to some seconds, in pieces: the event loop is served throughout.
 *
 * @throws `INVALID_OPTION`: something is missing, negative or unknown, no family is online, or nothing fits.
 * @example
 * ```ts
 * import { online } from '@checkpoint-schedules/online'
 * import { planUnknownSteps } from '@checkpoint-schedules/planner'
 *
 * const { candidates } = await planUnknownSteps({
 *   steps: { from: 1000, to: 50_000 },
 *   budget: { RAM: '2GB' },
 *   sizes: { state: '80MB' },
 *   families: [online],
 * })
 * console.log(candidates[0]!.options) // { snapshots: 21 }
 * ```
 */
export async function planUnknownSteps(options: UnknownStepsOptions): Promise<UnknownStepsPlan> {
  const call = 'planUnknownSteps'
  const { from, to } = rangeOf(call, options)
  const problem = problemOf(call, { ...options, steps: to })
  const { signal, onProgress } = options
  const families = problem.families.filter(([, { definition }]) => definition.online)
  if (families.length === 0)
    throw optionError(
      call,
      'no family is online; an unknown number of steps needs one, such as online or twoLevel.',
    )
  const steps = stepsBetween(from, to)
  const turns = new Turns(signal)
  const candidates: UnknownStepsCandidate[] = []
  const leftOut: { family: string; reason: string }[] = []
  for (const [done, [name, factory]] of families.entries()) {
    onProgress?.({ phase: 'search', family: name, done, total: families.length })
    const best = await bestOf({ name, factory }, steps, problem, turns)
    if (typeof best === 'string') leftOut.push({ family: name, reason: best })
    else candidates.push(best)
  }
  if (candidates.length === 0) {
    const why = leftOut.map(({ family, reason }) => `${family} ${reason}`).join('; ')
    throw optionError(
      call,
      `no online schedule fits RAM ${showBytes(problem.budget.RAM)} and DISK ${showBytes(problem.budget.DISK)} ` +
        `for up to ${to} steps: ${why}. Pass a larger budget, or other families.`,
    )
  }
  const assumptions =
    options.steps === 'unknown'
      ? [...problem.assumptions, `the run has between ${from} and ${to.toLocaleString('en-US')} steps`]
      : problem.assumptions
  return {
    candidates: candidates.toSorted((a, b) => a.worst.factor - b.worst.factor || a.mean - b.mean),
    leftOut,
    steps,
    assumptions,
  }
}

function rangeOf(call: string, options: UnknownStepsOptions): { from: number; to: number } {
  const { steps } = (options as UnknownStepsOptions | null) ?? {}
  if (steps === 'unknown') return UNKNOWN_STEPS
  const { from, to } = (typeof steps === 'object' ? steps : undefined) ?? {}
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1
  if (isCount(from) && isCount(to) && from! <= to!) return { from: from!, to: to! }
  throw optionError(
    call,
    `steps must be 'unknown' or { from, to } with integers 1 <= from <= to; got ${show(steps)}.`,
  )
}

/** Step numbers in geometric progression, with both ends. */
function stepsBetween(from: number, to: number): number[] {
  const ratio = (to / from) ** (1 / (POINTS + 1))
  const between = Array.from({ length: POINTS }, (_, i) => Math.round(from * ratio ** (i + 1)))
  return [...new Set([from, ...between, to])]
}

/** The member of a family whose worst is best; or why none fits. */
async function bestOf(
  family: Family,
  steps: readonly number[],
  problem: Problem,
  turns: Turns,
): Promise<UnknownStepsCandidate | string> {
  const tried = new Map<string, Member>()
  let reason: string | undefined
  // What is best for few steps may be best for the whole range, if it fits that.
  for (const N of [steps.at(-1)!, steps[steps.length >> 1]!, steps[0]!]) {
    const offer = await membersOf(family, { ...problem, steps: N }, turns)
    if (offer.members.length === 0) reason ??= offer.reason
    for (const member of offer.members) tried.set(JSON.stringify(member.options), member)
  }
  let best: UnknownStepsCandidate | undefined
  for (const { options } of tried.values()) {
    const found = await judged(family, options, steps, problem, turns)
    if (typeof found === 'string') reason ??= found
    else if (best === undefined || found.worst.factor < best.worst.factor) best = found
  }
  return best ?? reason ?? 'has no member that fits'
}

async function judged(
  family: Family,
  options: object,
  steps: readonly number[],
  problem: Problem,
  turns: Turns,
): Promise<UnknownStepsCandidate | string> {
  let worst = { steps: 0, factor: 0 }
  let sum = 0
  let last: Member | undefined
  // From the largest on: what fits that fits the others.
  for (const N of steps.toReversed()) {
    const member = await foretell(family, options, { ...problem, steps: N }, problem.costs, turns)
    if (typeof member === 'string') return `${member}, with ${N} steps`
    const factor = member.serial! / stepsTime(problem.costs, N, N)
    if (factor > worst.factor) worst = { steps: N, factor }
    sum += factor
    last ??= member
  }
  const { schedule, peakBytes, usesDisk } = last!
  const buffers = usesDisk ? problem.buffers : 0
  return { family: family.name, schedule, options, buffers, worst, mean: sum / steps.length, peakBytes }
}
