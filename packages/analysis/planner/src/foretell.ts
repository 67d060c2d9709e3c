/** One member of a family: whether it fits, and what theory says about it. */
import { type AnyScheduleFactory, isCheckpointScheduleError, type Schedule } from '@checkpoint-schedules/core'
import { type Simulation, simulateInPieces } from '@checkpoint-schedules/simulator'
import { showBytes } from './bytes.js'
import type { FullCosts } from './check-costs.js'
import type { Problem } from './problem.js'
import type { Turns } from './turns.js'

/** A family, by the name that it was given under. */
export interface Family {
  readonly name: string
  readonly factory: AnyScheduleFactory
}

/** A member that fits the budget, or may fit, as far as theory knows. */
export interface Member {
  readonly family: string
  readonly schedule: Schedule
  readonly options: object
  readonly usesDisk: boolean
  /** Most checkpoints at once. */
  readonly checkpoints: { readonly RAM: number; readonly DISK: number }
  /** Most bytes at once, an upper bound where checkpoints may hold states or tapes. */
  readonly peakBytes: { readonly RAM: number; readonly DISK: number }
  /** `undefined` where theory does not say, or takes long to. */
  readonly forwardSteps: number | undefined
  /** Steps and transfers one after another. */
  readonly serial: number | undefined
  /** If it was simulated. */
  readonly simulation: Simulation | undefined
}

/** Simulating more actions takes seconds. */
export const MOST_ACTIONS = 2_000_000

/** Theory that needs more pieces of work than this is not waited for. */
const MOST_PIECES = 300

/** Why a member is left out of which nothing is known in time. */
export const UNKNOWN = 'has too many transfers to count'

/** The schedule with these options, or why it is left out. */
export async function foretell(
  { name, factory }: Family,
  options: object,
  problem: Problem,
  costs: FullCosts,
  turns: Turns,
): Promise<Member | string> {
  const { steps, sizes, budget } = problem
  let schedule: Schedule
  try {
    schedule = factory(options)
    const planned = await turns.finish(schedule.planInPieces(), MOST_PIECES)
    if (planned === undefined) return UNKNOWN
  } catch (error) {
    if (isCheckpointScheduleError(error)) return error.message
    throw error
  }
  const limits = schedule.limits(steps)
  const other = Object.keys(limits).find((storage) => storage !== 'RAM' && storage !== 'DISK')
  if (other !== undefined) return `uses the storage ${other}, which is not in the budget`
  const checkpoints = { RAM: limits['RAM'] ?? 0, DISK: limits['DISK'] ?? 0 }
  const usesDisk = checkpoints.DISK > 0
  const { contents = ['restart', 'dependency'] } = factory.definition
  const bytesEach = contents.map((kind) => (kind === 'restart' ? sizes.state : sizes.tape))
  const [most, least] = [Math.max(...bytesEach), Math.min(...bytesEach)]
  const bytesWith = (each: number) => ({
    RAM: problem.working(usesDisk) + checkpoints.RAM * each,
    DISK: checkpoints.DISK * each,
  })
  const excess = excessOf(bytesWith(least), budget)
  if (excess !== undefined) return excess
  const member = { family: name, schedule, options, usesDisk, checkpoints, peakBytes: bytesWith(most) }
  const unknown = { forwardSteps: undefined, serial: undefined, simulation: undefined }
  // The true bytes depend on how many of the checkpoints are tapes at a time; without any, tapes may be in working memory.
  const atMost = excessOf(member.peakBytes, budget)
  if (atMost !== undefined || Object.keys(limits).length === 0) {
    const exact = await simulated({ ...member, ...unknown }, problem, costs, turns)
    if (exact !== undefined) return excessOf(exact.peakBytes, budget) ?? exact
    if (atMost !== undefined) return atMost
  }
  const theory = await turns.finish(schedule.optimumInPieces(steps, costs), MOST_PIECES)
  if (theory?.result !== undefined) {
    const { forwardSteps, makespan } = theory.result
    return { ...member, forwardSteps, serial: makespan, simulation: undefined }
  }
  const found = await simulated({ ...member, ...unknown }, problem, costs, turns)
  return found ?? UNKNOWN
}

/** The member as the simulator sees it; `undefined` if it has too many actions. */
export async function simulated(
  member: Member,
  { steps, sizes, buffers, working }: Problem,
  costs: FullCosts,
  turns: Turns,
): Promise<Member | undefined> {
  const { schedule, checkpoints } = member
  // Each step takes an action or more, except where all tapes are kept in working memory.
  if (steps > MOST_ACTIONS && checkpoints.RAM + checkpoints.DISK > 0) return undefined
  let count = 0
  function* limited() {
    for (const action of schedule.start({ steps })) {
      count += 1
      if (count > MOST_ACTIONS) return
      yield action
    }
  }
  const { manifest } = schedule
  const done = await turns.finish(simulateInPieces(limited(), { steps, costs, sizes, buffers, manifest }))
  if (count > MOST_ACTIONS || done === undefined) return undefined
  const simulation = done.result
  const [broken] = simulation.violations
  if (broken !== undefined) throw new Error(`${member.family} breaks a law: ${broken.message}`)
  const { RAM = 0, DISK = 0 } = simulation.peakBytes!
  return {
    ...member,
    peakBytes: { RAM: working(member.usesDisk) + RAM, DISK },
    forwardSteps: simulation.forwardSteps,
    serial: simulation.makespan,
    simulation,
  }
}

/** What is too much, in words. */
export function excessOf(bytes: Member['peakBytes'], budget: Problem['budget']): string | undefined {
  for (const storage of ['RAM', 'DISK'] as const)
    if (bytes[storage] > budget[storage])
      return `holds up to ${showBytes(bytes[storage])} in ${storage}, of which the budget has ${showBytes(budget[storage])}`
  return undefined
}
