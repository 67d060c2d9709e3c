/** Converts what the playground shows to a link's query and back. Links are untrusted: unknown names are dropped, and lengths are limited. */
import type { DiscoveredSchedule } from '@checkpoint-schedules/core'
import { exampleOf } from '../example-options.js'
import { MOST_LETTERS, type Texts, textOf } from './texts.js'

/** One schedule and its options. */
export interface Side {
  readonly command: string
  readonly texts: Texts
}

/** Everything in a link. */
export interface Shown {
  /** One schedule, or two side by side. */
  readonly sides: readonly Side[]
  readonly steps: string
  /** Costs of steps and transfers. */
  readonly costs: Readonly<Record<CostName, string>>
  readonly across: 'actions' | 'time'
  /** The current action of each side. */
  readonly at: readonly number[]
}

export const costNames = ['forwardStep', 'adjointStep', 'write', 'read'] as const
export type CostName = (typeof costNames)[number]

export const usualCosts: Shown['costs'] = { forwardStep: '1', adjointStep: '1', write: '2', read: '2' }

/** Options that have one shared field instead of one for each schedule. */
export const isShared = (name: string, kind: string) => name === 'steps' || kind === 'costs'

/** A schedule with small options. */
export function exampleSide({ command, factory }: DiscoveredSchedule): Side {
  const { options } = exampleOf(factory)
  const texts = Object.entries(options).map(([name, value]) => [name, textOf(value)] as const)
  return { command, texts: Object.fromEntries(texts.filter(([name]) => name !== 'steps')) }
}

/** The number of steps that goes with these options. */
export const exampleSteps = ({ factory }: DiscoveredSchedule) => String(exampleOf(factory).steps)

/** The query, without its question mark. */
export function queryOf({ sides, steps, costs, across, at }: Shown): string {
  const query = new URLSearchParams()
  for (const [i, { command, texts }] of sides.entries()) {
    const prefix = i === 0 ? '' : 'vs.'
    query.set(i === 0 ? 'schedule' : 'vs', command)
    for (const [name, text] of Object.entries(texts)) if (text !== '') query.set(prefix + name, text)
    if ((at[i] ?? 0) > 0) query.set(`${prefix}at`, String(at[i]))
  }
  query.set('steps', steps)
  for (const name of costNames) if (costs[name] !== usualCosts[name]) query.set(`cost.${name}`, costs[name])
  if (across !== 'time') query.set('across', across)
  return query.toString()
}

/** What a query says, with `first` as the default schedule, and the names that were not understood. */
export function shownFrom(
  text: string,
  schedules: readonly DiscoveredSchedule[],
  first: DiscoveredSchedule,
): { shown: Shown; dropped: string[] } {
  const query = new URLSearchParams(text.slice(0, 20 * MOST_LETTERS))
  const dropped = new Set(query.keys())
  const take = (name: string): string | undefined => {
    const value = query.get(name)
    if (value === null || value.length > MOST_LETTERS) return undefined
    dropped.delete(name)
    return value
  }
  const sideFrom = (name: string, prefix: string, fallback?: DiscoveredSchedule): Side | undefined => {
    const command = query.get(name)
    const named = schedules.find((it) => it.command === command)
    if (named !== undefined) take(name)
    const found = named ?? fallback
    if (found === undefined) return undefined
    const example = exampleSide(found)
    if (named === undefined) return example
    const own = Object.entries(found.factory.definition.options).filter(
      ([option, { kind }]) => !isShared(option, kind),
    )
    const given = own.map(([option]) => [option, take(prefix + option)] as const)
    // A short link gets what it must have, and an example if it names no option at all.
    const isShort = given.every(([, text]) => text === undefined)
    const texts = own.map(([option, it], i) => {
      const isNeeded = isShort || !(it.optional === true || 'default' in it)
      return [option, given[i]![1] ?? (isNeeded ? example.texts[option] : undefined) ?? ''] as const
    })
    return { command: found.command, texts: Object.fromEntries(texts) }
  }
  const one = sideFrom('schedule', '', first)!
  const other = sideFrom('vs', 'vs.')
  const place = (name: string) => {
    const at = Number(take(name))
    return Number.isSafeInteger(at) && at > 0 ? at : 0
  }
  const costs = costNames.map((name) => [name, take(`cost.${name}`) ?? usualCosts[name]] as const)
  const shown: Shown = {
    sides: other === undefined ? [one] : [one, other],
    steps: take('steps') ?? exampleSteps(schedules.find((it) => it.command === one.command)!),
    costs: Object.fromEntries(costs) as Shown['costs'],
    across: take('across') === 'actions' ? 'actions' : 'time',
    at: [place('at'), ...(other === undefined ? [] : [place('vs.at')])],
  }
  return { shown, dropped: [...dropped] }
}
