/** The least budget that would admit a family, found by bisection: what fits a budget fits a larger one. */
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import type { Family } from './foretell.js'
import { isRange, offersWithin } from './members.js'
import type { Problem } from './problem.js'
import type { Turns } from './turns.js'
import { variantsOf } from './variants.js'

/** Bytes by storage. */
export interface StorageBytes {
  readonly RAM: number
  readonly DISK: number
}

/** More memory alone if that helps, else more disk; `undefined` if neither does. */
export async function leastBudget(
  family: Family,
  problem: Problem,
  turns: Turns,
): Promise<StorageBytes | undefined> {
  const { budget, sizes, steps } = problem
  const each = Math.max(sizes.state, sizes.tape)
  const enough = problem.working(true) + (steps + 1) * each
  const admits = async (RAM: number, DISK: number) => {
    await turns.next()
    return fits(family, { ...problem, budget: { RAM, DISK } })
  }
  const memory = await least(budget.RAM, enough, (RAM) => admits(RAM, budget.DISK))
  if (memory !== undefined) return { RAM: memory, DISK: budget.DISK }
  const RAM = Math.max(budget.RAM, problem.working(true))
  const disk = await least(budget.DISK, (steps + 1) * each, (DISK) => admits(RAM, DISK))
  return disk === undefined ? undefined : { RAM, DISK: disk }
}

/** The least integer from `low` on that is enough, if one up to `high` is; beyond 2^53 to the nearest number. */
async function least(
  low: number,
  high: number,
  isEnough: (value: number) => Promise<boolean>,
): Promise<number | undefined> {
  if (!(await isEnough(high))) return undefined
  if (await isEnough(low)) return low
  for (let middle = Math.floor((low + high) / 2); low < middle && middle < high;) {
    if (await isEnough(middle)) high = middle
    else low = middle
    middle = Math.floor((low + high) / 2)
  }
  return high
}

function fits(family: Family, problem: Problem): boolean {
  const { budget } = problem
  if (budget.RAM < problem.working(false)) return false
  return variantsOf(problem).some((variant) => {
    const sets = offersWithin(family, variant)
    if (typeof sets === 'string') return false
    return sets.some((set) => {
      const options = isRange(set)
        ? [set.from, set.to, ...(set.likely ?? [])].map((value) => set.with(value))
        : [set]
      return options.some((it) => isWithin(family, it, problem))
    })
  })
}

// By what the options alone say, if they say it: nothing is planned.
function isWithin({ factory }: Family, options: object, problem: Problem): boolean {
  const { steps, sizes, budget, working } = problem
  try {
    const schedule = factory(options)
    const { bytes } = schedule.manifest
    if (bytes !== undefined) return bytesWithin(bytes.limits, problem)
    const isOpen = Object.values(schedule.manifest.limits).includes(null)
    const limits = isOpen ? schedule.limits(steps) : schedule.manifest.limits
    const { contents = ['restart', 'dependency'] } = factory.definition
    const each = Math.max(...contents.map((kind) => (kind === 'restart' ? sizes.state : sizes.tape)))
    const most = (storage: string) => (limits[storage] === null ? steps : (limits[storage] ?? 0))
    const usesDisk = most('DISK') > 0
    return working(usesDisk) + most('RAM') * each <= budget.RAM && most('DISK') * each <= budget.DISK
  } catch (error) {
    if (isCheckpointScheduleError(error)) return false
    throw error
  }
}

// The limits are the budget that the options were made for.
function bytesWithin(limits: Readonly<Record<string, number | null>>, { budget, working }: Problem): boolean {
  const { RAM, DISK = 0 } = limits
  return working('DISK' in limits) + (RAM ?? Infinity) <= budget.RAM && (DISK ?? Infinity) <= budget.DISK
}
