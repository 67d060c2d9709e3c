/**
 * The best schedule for a budget.
 *
 * Each family says what fits (`optionsWithin`), theory says what that takes (`optimum`), and the members that come out best are simulated
 * action by action, transfers overlapping with computation as in the driver. The ranking is by the simulated wall time.
 */
import { optionError, type Schedule, stepsTime } from '@checkpoint-schedules/core'
import { showBytes } from './bytes.js'
import { type Family, type Member, MOST_ACTIONS, excessOf, simulated } from './foretell.js'
import { leastBudget, type StorageBytes } from './least-budget.js'
import { membersOf } from './members.js'
import { type PlanOptions, type Problem, problemOf } from './problem.js'
import { Turns } from './turns.js'

/** A schedule within the budget, and what it is predicted to take. Times are in the unit of the costs. */
export interface Candidate {
  /** The name of its family: the key in a record of families, or the factory's name. */
  readonly family: string
  readonly schedule: Schedule
  readonly options: object
  /** What candidates are ranked by: `overlapped` where it is known, else `serial`. */
  readonly wallTime: number
  /** Steps and transfers one after another. */
  readonly serial: number
  /** With transfers overlapping with computation; `undefined` if the run has too many actions to be simulated. */
  readonly overlapped: number | undefined
  /** The option `buffers` for `runAdjoint`. */
  readonly buffers: number
  /** All forward steps, recomputed and taped ones included. */
  readonly forwardSteps: number
  readonly recomputeFactor: number
  /** The most bytes held at once, in memory with working storage. */
  readonly peakBytes: StorageBytes
  /** The most checkpoints held at once. */
  readonly checkpoints: StorageBytes
  /** Checkpoints written and read in all storages; `undefined` if it was not simulated. */
  readonly writes: number | undefined
  readonly reads: number | undefined
  /** Whether every action was simulated, or the figures come from the family's formulas. */
  readonly basis: 'simulation' | 'theory'
}

/** A family that does not fit the budget. */
export interface LeftOut {
  readonly family: string
  readonly reason: string
  /** The least budget that would admit it: as given, but for more memory or, if that does not help, disk. */
  readonly leastBudget: StorageBytes | undefined
}

/** The schedules that fit a budget, ranked, and those that do not. */
export interface SchedulePlan {
  /** The best one of each family, fastest first; several if a family can use either memory or a disk. */
  readonly candidates: readonly Candidate[]
  readonly leftOut: readonly LeftOut[]
  /** What was taken for granted because nothing was given. */
  readonly assumptions: readonly string[]
}

/**
 * Ranks what the families offer within a budget, by predicted wall time.
 *
 * Takes milliseconds to some seconds, in pieces: the event loop is served throughout. Beyond some million actions schedules are not
 * simulated; their figures are those of theory (`basis`), without overlap.
 *
 * @throws `INVALID_OPTION`: something is missing, negative or unknown, or nothing fits; the message says what would.
 * @example
 * ```ts
 * import { planSchedule } from '@checkpoint-schedules/planner'
 * import { hRevolve, revolve } from '@checkpoint-schedules/revolve'
 *
 * const { candidates } = await planSchedule({
 *   steps: 1000,
 *   budget: { RAM: '1GB', DISK: '20GB' },
 *   sizes: { state: '80MB' },
 *   costs: { forwardStep: 0.2, write: { DISK: 0.06 }, read: { DISK: 0.04 } },
 *   families: { revolve, hRevolve },
 * })
 * console.log(candidates.map(({ family }) => family)) // [ 'hRevolve', 'revolve' ]
 * ```
 */
export function planSchedule(options: PlanOptions): Promise<SchedulePlan> {
  return plan('planSchedule', options)
}

/**
 * The best schedule within a budget: the first candidate of `planSchedule`.
 *
 * @throws `INVALID_OPTION`, as `planSchedule`.
 * @example
 * ```ts
 * import { chooseSchedule } from '@checkpoint-schedules/planner'
 * import { revolve } from '@checkpoint-schedules/revolve'
 *
 * const { options } = await chooseSchedule({
 *   steps: 1000,
 *   budget: { RAM: '1GB' },
 *   sizes: { state: '80MB', tape: '120MB' },
 *   families: [revolve],
 * })
 * console.log(options) // { steps: 1000, snapshotsInRam: 8 }
 * ```
 */
export async function chooseSchedule(options: PlanOptions): Promise<Candidate> {
  const { candidates } = await plan('chooseSchedule', options)
  return candidates[0]!
}

async function plan(call: string, options: PlanOptions): Promise<SchedulePlan> {
  const problem = problemOf(call, options)
  const { signal, onProgress } = options
  const turns = new Turns(signal)
  const families = problem.families.map(([name, factory]): Family => ({ name, factory }))
  const members: Member[] = []
  const leftOut: LeftOut[] = []
  for (const [done, family] of families.entries()) {
    onProgress?.({ phase: 'search', family: family.name, done, total: families.length })
    const offer = await membersOf(family, problem, turns)
    members.push(...offer.members)
    if (offer.members.length > 0) continue
    const least = await leastBudget(family, problem, turns)
    leftOut.push({ family: family.name, reason: offer.reason, leastBudget: least })
    await turns.next()
  }
  const judged = await judge(members, problem, turns, (family, done) =>
    onProgress?.({ phase: 'simulate', family, done, total: members.length }),
  )
  if (judged.length === 0) throw nothingFits(call, problem, leftOut)
  const ranked = judged
    .map((member) => candidateOf(member, problem))
    .toSorted(
      (a, b) =>
        rounded(a.wallTime) - rounded(b.wallTime) ||
        rounded(a.serial) - rounded(b.serial) ||
        a.peakBytes.RAM - b.peakBytes.RAM ||
        a.peakBytes.DISK - b.peakBytes.DISK,
    )
  return { candidates: firstOfEach(ranked), leftOut, assumptions: problem.assumptions }
}

// Those that promise most first. Once many actions were simulated, only what could still win is.
async function judge(
  members: readonly Member[],
  problem: Problem,
  turns: Turns,
  onMember: (family: string, done: number) => void,
): Promise<Member[]> {
  const { costs, steps, budget } = problem
  const bound = ({ forwardSteps, simulation, serial }: Member) =>
    simulation?.overlapped ??
    (forwardSteps === undefined ? (serial ?? 0) : stepsTime(costs, steps, forwardSteps))
  const judged: Member[] = []
  let [best, actions] = [Infinity, 0]
  for (const [done, member] of members.toSorted((a, b) => bound(a) - bound(b)).entries()) {
    onMember(member.family, done)
    let found: Member | undefined = member
    if (member.simulation === undefined && (actions < 3 * MOST_ACTIONS || bound(member) < best)) {
      found = (await simulated(member, problem, costs, turns)) ?? member
      if (excessOf(found.peakBytes, budget) !== undefined) continue
    }
    actions += found.simulation?.actions ?? 0
    best = Math.min(best, found.simulation?.overlapped ?? found.serial!)
    judged.push(found)
  }
  return judged
}

function candidateOf(member: Member, { steps, buffers }: Problem): Candidate {
  const { family, schedule, options, checkpoints, peakBytes, usesDisk, simulation } = member
  const [serial, forwardSteps] = [member.serial!, member.forwardSteps!]
  const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0)
  return {
    family,
    schedule,
    options,
    wallTime: simulation?.overlapped ?? serial,
    serial,
    overlapped: simulation?.overlapped,
    buffers: usesDisk ? buffers : 0,
    forwardSteps,
    recomputeFactor: forwardSteps / steps,
    peakBytes,
    checkpoints,
    writes: simulation && sum(simulation.writes),
    reads: simulation && sum(simulation.reads),
    basis: simulation === undefined ? 'theory' : 'simulation',
  }
}

// Sums are rounded differently. Of two that are equally fast, the one comes first that depends less on overlap.
function rounded(time: number): number {
  return Number(time.toPrecision(9))
}

// A family's members that use other storages are listed, too; but not what a better one of its members does with fewer or more.
function firstOfEach(ranked: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = []
  for (const candidate of ranked) {
    const isListed = kept.some(
      ({ family, checkpoints }) =>
        family === candidate.family && compares(checkpoints, candidate.checkpoints),
    )
    if (!isListed) kept.push(candidate)
  }
  return kept
}

/** Whether one of them uses all the storages that the other one uses. */
function compares(a: StorageBytes, b: StorageBytes): boolean {
  const within = (one: StorageBytes, other: StorageBytes) =>
    (one.RAM === 0 || other.RAM > 0) && (one.DISK === 0 || other.DISK > 0)
  return within(a, b) || within(b, a)
}

function nothingFits(call: string, { budget }: Problem, leftOut: readonly LeftOut[]) {
  const less = leftOut
    .filter((it) => it.leastBudget !== undefined)
    .toSorted(
      (a, b) => a.leastBudget!.RAM - b.leastBudget!.RAM || a.leastBudget!.DISK - b.leastBudget!.DISK,
    )[0]
  const has = `RAM ${showBytes(budget.RAM)}${budget.DISK > 0 ? ` and DISK ${showBytes(budget.DISK)}` : ''}`
  if (less === undefined) {
    const why = leftOut.map(({ family, reason }) => `${family} ${reason}`).join('; ')
    return optionError(
      call,
      `no schedule fits the budget of ${has}: ${why}. Pass a larger budget, or other families.`,
    )
  }
  const { RAM, DISK } = less.leastBudget!
  const least = [RAM > budget.RAM && `RAM ${showBytes(RAM)}`, DISK > budget.DISK && `DISK ${showBytes(DISK)}`]
  return optionError(
    call,
    `no schedule fits the budget of ${has}. The least that would work is ${least.filter(Boolean).join(' and ')}, for ${less.family}.`,
    { leastBudget: less.leastBudget },
  )
}
