/**
 * H-Revolve's plan. Two levels, the first of them free, have an optimal plan without tables, a tree; the tables make the
 * published choice among equal plans, and serve any levels.
 */
import { type Action, choice, type Pieces } from '@checkpoint-schedules/core'
import { planLevels, TABLE_BYTES, tableRows } from './level-tables.js'
import { tally } from './level-tally.js'
import { checkHierarchy, type HierarchyOptions, isFree, type LevelOption, levelsOf } from './levels.js'
import { reverseLevels } from './reverse-levels.js'
import { part } from './pieces.js'
import { tooLarge } from './table-size.js'
import { estimateWork } from './table-work.js'
import { inexact, planTree } from './tree-plan.js'

/** Tables of two levels with more entries than this give way to a tree. */
const MOST_AUTOMATIC = 20_000

/** The option that says how to plan. */
export const planOption = choice({
  choices: ['auto', 'tables', 'tree'],
  default: 'auto',
  help: 'two levels: published tables, a tree, or (auto) by size',
})

/** H-Revolve's options. */
export interface PlanOptions extends HierarchyOptions {
  readonly plan: 'auto' | 'tables' | 'tree'
}

/** What one level sees: transfers if they cost anything, and the most checkpoints held at once. */
interface Traffic {
  readonly level: LevelOption
  readonly writes: number
  readonly reads: number
  readonly peak: number
}

/** What a plan adds up to, and its actions. */
export interface LevelPlan {
  readonly counts: { readonly forwardSteps: number; readonly byLevel: readonly Traffic[] }
  actions(): Iterator<Action>
}

/** The plan. */
export function* planHierarchy(options: PlanOptions): Pieces<LevelPlan> {
  const { steps, costs } = options
  const given = levelsOf(options)
  if (!usesTree(options, given)) {
    const { levels } = yield* part(0, 0.9, planLevels(steps, given, costs.forwardStep, costs.adjointStep))
    const counts = yield* part(0.9, 1, tally(steps, levels))
    return { counts, actions: () => reverseLevels(steps, levels) }
  }
  const tree = planTree(tiersOf(options, given))!
  const [memory, disk] = given
  const byLevel = [{ level: memory!, writes: 0, reads: 0, peak: tree.peak[0] }]
  if (disk) byLevel.push({ level: disk, writes: tree.writes, reads: tree.reads, peak: tree.peak[1] })
  return {
    counts: { forwardSteps: tree.forwardSteps, byLevel },
    actions: () => tree.actions(memory!.storage, disk?.storage),
  }
}

/** What is wrong with the options, in a sentence; `given` are the options as they were passed. */
export function checkPlan(
  options: PlanOptions,
  given: Parameters<typeof checkHierarchy>[1],
): string | undefined {
  const wrong = checkHierarchy(options, given)
  if (wrong !== undefined) return wrong
  const levels = levelsOf(options)
  const treeFits = isTwoTiers(levels)
  if (options.plan === 'tree' && !treeFits) {
    return "plan 'tree' needs at most two levels, the first with writeCost 0 and readCost 0; got others. Leave plan out."
  }
  if (usesTree(options, levels)) {
    const tiers = tiersOf(options, levels)
    return planTree(tiers) === undefined ? inexact(tiers) : undefined
  }
  const other = treeFits ? "plan: 'tree'" : 'two levels of which the first costs nothing'
  const { steps, costs } = options
  return tooLarge({
    steps,
    bytesPerStep: TABLE_BYTES,
    rows: tableRows(levels),
    work: () => estimateWork(steps, levels, costs.forwardStep, costs.adjointStep),
    other: `${other}, which need${treeFits ? 's' : ''} no tables`,
  })
}

function usesTree({ steps, plan }: PlanOptions, levels: readonly LevelOption[]): boolean {
  if (plan !== 'auto') return plan === 'tree'
  return isTwoTiers(levels) && steps * Math.max(1, levels[1]?.slots ?? 0) > MOST_AUTOMATIC
}

const isTwoTiers = (levels: readonly LevelOption[]) => levels.length <= 2 && isFree(levels[0]!)

function tiersOf({ steps, costs }: PlanOptions, [memory, disk]: readonly LevelOption[]) {
  const { slots = 0, writeCost = 0, readCost = 0 } = disk ?? {}
  return { steps, ram: memory!.slots, disk: slots, uf: costs.forwardStep, w: writeCost, r: readCost }
}
