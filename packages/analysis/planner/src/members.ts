/** The members of a family that make the best use of a budget. */
import type { OptionRange } from '@checkpoint-schedules/core'
import { type Family, foretell, type Member, UNKNOWN } from './foretell.js'
import type { Problem } from './problem.js'
import { bestIn } from './search.js'
import type { Turns } from './turns.js'
import { type Variant, variantsOf } from './variants.js'

/** What a family offers. */
export interface Offer {
  readonly members: readonly Member[]
  /** If there are none: why. */
  readonly reason: string
}

/** How much work the search through one range may take, in pieces of a millisecond or so. */
const MOST_SEARCHED = 200

const NOTHING = 'has no member that fits'

export async function membersOf(family: Family, problem: Problem, turns: Turns): Promise<Offer> {
  const members = new Map<string, Member>()
  let reason: string | undefined
  const add = async (options: object) => {
    const key = JSON.stringify(options)
    if (members.has(key)) return
    const member = await foretell(family, options, problem, problem.costs, turns)
    if (typeof member === 'string') reason ??= member
    else members.set(key, member)
  }
  for (const variant of variantsOf(problem)) {
    const sets = offersWithin(family, variant)
    if (typeof sets === 'string') {
      reason = sets
      continue
    }
    for (const set of sets) {
      if (!isRange(set)) await add(set)
      else {
        const value = await bestOf(set, family, problem, variant, turns)
        if (typeof value === 'string') reason ??= value
        else await add(set.with(value))
      }
    }
  }
  return { members: [...members.values()], reason: reason ?? NOTHING }
}

export function offersWithin(
  { factory }: Family,
  { budget }: Variant,
): readonly (object | OptionRange<object>)[] | string {
  const { definition } = factory
  // Called as a method: a declaration may use `this`.
  if (definition.optionsWithin === undefined) return 'does not declare how it uses a budget (optionsWithin)'
  return definition.optionsWithin(budget)
}

export function isRange(set: object): set is OptionRange<object> {
  return 'with' in set && typeof set.with === 'function'
}

async function bestOf(
  range: OptionRange<object>,
  family: Family,
  problem: Problem,
  { costs }: Variant,
  turns: Turns,
): Promise<number | string> {
  const start = turns.pieces
  let isUnknown = false
  const score = async (value: number) => {
    const member = await foretell(family, range.with(value), problem, costs, turns)
    isUnknown ||= member === UNKNOWN
    return typeof member === 'string' ? Infinity : member.serial!
  }
  // Without the largest ones the best of the others would say nothing.
  const best = await bestIn(range, score, () => !isUnknown && turns.pieces - start < MOST_SEARCHED)
  return isUnknown ? UNKNOWN : (best ?? NOTHING)
}
