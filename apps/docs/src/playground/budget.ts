/** Plans from a budget: the fields, the link that carries them, and the worker's ranking of the schedules that fit. */
import {
  type CostModelInput,
  type DiscoveredSchedule,
  isCheckpointScheduleError,
} from '@checkpoint-schedules/core'
import { type Candidate, planSchedule, type PlanOptions } from '@checkpoint-schedules/planner'
import { record, toSketch } from '@checkpoint-schedules/space-time'
import { costNames, isShared, queryOf, type Shown } from './address.js'
import { literal } from './commands.js'
import type { Progress } from './planner.js'
import { MOST_STEPS } from './request.js'
import { MOST_LETTERS, textOf } from './texts.js'

export const budgetNames = ['steps', 'state', 'tape', 'memory', 'disk', 'step', 'write', 'read'] as const
export type BudgetName = (typeof budgetNames)[number]
export type BudgetTexts = Readonly<Record<BudgetName, string>>

export const usualBudget: BudgetTexts = {
  steps: '2000',
  state: '80 MB',
  tape: '180 MB',
  memory: '2 GB',
  disk: '40 GB',
  step: '0.2',
  write: '0.06',
  read: '0.04',
}

/** The query of a link, without its question mark. */
export function budgetQuery(texts: BudgetTexts): string {
  const changed = budgetNames.filter((name) => texts[name] !== usualBudget[name])
  return new URLSearchParams([['from', 'budget'], ...changed.map((name) => [name, texts[name]])]).toString()
}

/** What a link says; `undefined` if it is not about a budget. */
export function budgetFrom(text: string): BudgetTexts | undefined {
  const query = new URLSearchParams(text.slice(0, 20 * MOST_LETTERS))
  if (query.get('from') !== 'budget') return undefined
  const entries = budgetNames.map((name) => {
    const value = query.get(name)
    return [name, value === null || value.length > MOST_LETTERS ? usualBudget[name] : value]
  })
  return Object.fromEntries(entries) as BudgetTexts
}

/** A schedule that fits. Times in seconds. */
export interface Ranked extends Pick<
  Candidate,
  'wallTime' | 'peakBytes' | 'forwardSteps' | 'recomputeFactor' | 'basis'
> {
  readonly name: string
  /** Its options, as TypeScript. */
  readonly options: string
  /** The query that shows it in the playground, if that takes as many steps. */
  readonly query: string | undefined
  /** Small SVG pictures for both grounds; `undefined` if there are too many actions to draw. */
  readonly pictures: { readonly light: string; readonly dark: string } | undefined
}

export type BudgetAnswer =
  | {
      readonly ranked: readonly Ranked[]
      readonly leftOut: readonly { readonly family: string; readonly reason: string }[]
      readonly assumptions: readonly string[]
    }
  | { readonly error: string; readonly field?: BudgetName | undefined }

/** A mistake in a field. */
class FieldError extends Error {
  readonly field: BudgetName
  constructor(field: BudgetName, message: string) {
    super(message)
    this.field = field
  }
}

/** The best schedules for a budget. A mistake in it is returned as a sentence, with its field. */
export async function rank(
  schedules: readonly DiscoveredSchedule[],
  texts: BudgetTexts,
  onProgress: (progress: Progress) => void,
): Promise<BudgetAnswer> {
  try {
    const plan = planFrom(texts)
    const { candidates, leftOut, assumptions } = await planSchedule({
      ...plan,
      families: Object.fromEntries(schedules.map(({ factory }) => [factory.definition.name, factory])),
      onProgress: ({ phase, family, done, total }) =>
        onProgress({
          text: phase === 'search' ? `Searching ${family}` : `Simulating ${family}`,
          part: (phase === 'search' ? 0 : 0.4) + 0.4 * (done / total),
        }),
    })
    const ranked = candidates.map((candidate, i) => {
      onProgress({ text: `Drawing ${candidate.family}`, part: 0.8 + 0.2 * (i / candidates.length) })
      const found = schedules.find((it) => it.factory.definition.name === candidate.family)!
      return rankedOf(candidate, found, plan)
    })
    return { ranked, leftOut: leftOut.map(({ family, reason }) => ({ family, reason })), assumptions }
  } catch (error) {
    if (error instanceof FieldError) return { error: error.message, field: error.field }
    if (!isCheckpointScheduleError(error)) return { error: String(error) }
    return inFields(error.message)
  }
}

type BudgetPlan = Omit<PlanOptions, 'families' | 'costs'> & { readonly costs: CostModelInput }

/** The planner's options, without families. */
export function planFrom(texts: BudgetTexts): BudgetPlan {
  const given = (name: BudgetName) => (texts[name].trim() === '' ? undefined : texts[name].trim())
  const needed = (name: BudgetName, such: string) => {
    const value = given(name)
    if (value === undefined) throw new FieldError(name, `${name} is missing; enter ${such}.`)
    return value
  }
  const seconds = (name: BudgetName) => {
    const value = Number(given(name) ?? Number.NaN)
    if (Number.isFinite(value) && value >= 0) return value
    throw new FieldError(
      name,
      `${name} must be a number of seconds >= 0; got ${JSON.stringify(texts[name])}.`,
    )
  }
  const steps = Number(needed('steps', 'the number of time steps, such as 1000'))
  if (!Number.isSafeInteger(steps) || steps < 1)
    throw new FieldError('steps', `steps must be an integer >= 1; got ${JSON.stringify(texts.steps)}.`)
  const DISK = given('disk')
  const transfer = (name: 'write' | 'read') =>
    DISK === undefined || given(name) === undefined ? undefined : { DISK: seconds(name) }
  if (DISK !== undefined && given('write') === undefined && given('read') === undefined)
    throw new FieldError(
      'write',
      'a disk takes time: enter the seconds of a write, of a read, or both; or leave disk empty.',
    )
  const [write, read] = [transfer('write'), transfer('read')]
  return {
    steps,
    budget: { RAM: needed('memory', 'what the run may take, such as 8 GB'), ...(DISK && { DISK }) },
    sizes: { state: needed('state', 'the bytes of one state, such as 80 MB'), tape: given('tape') },
    costs: { forwardStep: seconds('step'), ...(write && { write }), ...(read && { read }) },
  }
}

// The planner's names of options, as the fields are called.
const fieldOf: readonly (readonly [path: string, field: BudgetName])[] = [
  ['budget.RAM', 'memory'],
  ['budget.DISK', 'disk'],
  ['sizes.state', 'state'],
  ['sizes.tape', 'tape'],
  ['no schedule fits the budget', 'memory'],
]

function inFields(message: string): BudgetAnswer {
  const sentence = message.replace(/^planSchedule: /, '')
  const [path, field] = fieldOf.find(([it]) => sentence.startsWith(it)) ?? []
  if (path === undefined || field === undefined) return { error: sentence }
  return { error: path.includes('.') ? sentence.replace(path, field) : sentence.replace(/^n/, 'N'), field }
}

function rankedOf(candidate: Candidate, { command, factory }: DiscoveredSchedule, plan: BudgetPlan): Ranked {
  const { family: name, wallTime, peakBytes, forwardSteps, recomputeFactor, basis } = candidate
  const { options } = factory.definition
  const given = candidate.options as Readonly<Record<string, unknown>>
  const own = Object.entries(given).filter(([option]) => !isShared(option, options[option]!.kind))
  // An optimal plan depends on its costs: the picture and the link have those that it was made with.
  const costed = Object.keys(options).find((option) => options[option]!.kind === 'costs')
  const costs = (costed === undefined ? undefined : (given[costed] as CostModelInput)) ?? plan.costs
  const shown: Shown = {
    sides: [{ command, texts: Object.fromEntries(own.map(([option, value]) => [option, textOf(value)])) }],
    steps: String(plan.steps),
    costs: costTexts(costs),
    across: 'time',
    at: [],
  }
  const isShort = plan.steps <= MOST_STEPS
  return {
    name,
    wallTime,
    peakBytes,
    forwardSteps,
    recomputeFactor,
    basis,
    options: literal(Object.fromEntries(own)),
    query: isShort ? queryOf(shown) : undefined,
    pictures: isShort ? picturesOf(candidate, plan) : undefined,
  }
}

function costTexts({
  forwardStep = 1,
  adjointStep = forwardStep,
  write,
  read,
}: CostModelInput): Shown['costs'] {
  const transfers = [write?.['DISK'] ?? read?.['DISK'] ?? 0, read?.['DISK'] ?? write?.['DISK'] ?? 0]
  const values = [forwardStep, adjointStep, ...transfers].map(String)
  return Object.fromEntries(costNames.map((name, i) => [name, values[i]!])) as Shown['costs']
}

const MOST_DRAWN = 1_000_000

function picturesOf({ family, schedule }: Candidate, { steps, costs }: BudgetPlan): Ranked['pictures'] {
  const { forwardStep = 1, write = costs.read, read = write } = costs
  const transfers = { ...(write && { write }), ...(read && { read }) }
  const full: CostModelInput = { forwardStep, adjointStep: forwardStep, ...transfers }
  try {
    const recording = record(schedule, { steps, costs: full, mostActions: MOST_DRAWN })
    const sketch = (theme: 'light' | 'dark') => toSketch(recording, { title: family, across: 'time', theme })
    return { light: sketch('light'), dark: sketch('dark') }
  } catch (error) {
    if (isCheckpointScheduleError(error)) return undefined
    throw error
  }
}
