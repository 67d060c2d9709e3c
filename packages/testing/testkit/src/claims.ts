/** What a schedule must hold to, each claim a function that throws a sentence if it does not. */
import {
  type Action,
  type AnyScheduleFactory,
  formatAction,
  isCheckpointScheduleError,
  type Schedule,
  show,
  type StartOptions,
  UNBOUNDED,
} from '@checkpoint-schedules/core'
import { laws, simulate, type Simulation } from '@checkpoint-schedules/simulator'
import { drawTrace } from './drawing.js'

/** A schedule with the number of steps to run it for. */
export interface Case {
  readonly schedule: Schedule
  readonly steps: number
}

/** Every law of the abstract machine holds, for as many adjoints as are asked for. */
export function obeysLaws({ schedule, steps }: Case, adjoints: number): Simulation {
  const simulation = simulate(schedule, { steps, adjoints })
  const [first] = simulation.violations
  if (first !== undefined) {
    const actions = [...schedule.start({ steps, adjoints })]
    throw new Error(
      `breaks the law ${first.law} (${laws[first.law]}): ${first.message}\n${drawTrace(actions, first.index, steps)}`,
    )
  }
  return simulation
}

/** The schedule's limits are what is held at most, storage by storage; those of its manifest are no lower. */
export function holdsWhatItClaims({ schedule, steps }: Case, { peak }: Simulation, exact: boolean): void {
  const limits = schedule.limits(steps)
  for (const storage of new Set([...Object.keys(limits), ...Object.keys(peak)])) {
    const held = peak[storage] ?? 0
    const claimed = limits[storage]
    if (claimed === undefined)
      throw new Error(`holds ${held} checkpoints in ${storage}, which its limits do not name`)
    if (claimed === null) throw new Error(`has no limit for ${storage}, though the number of steps is known`)
    if (held > claimed || (exact && held !== claimed)) {
      throw new Error(`claims at most ${claimed} checkpoints in ${storage} and holds ${held}`)
    }
    const bound = schedule.manifest.limits[storage] ?? (storage in schedule.manifest.limits ? Infinity : 0)
    if (bound < claimed)
      throw new Error(`its manifest permits ${bound} checkpoints in ${storage}, and its limits ${claimed}`)
  }
}

/** What `optimum` says is what a simulation counts. */
export function costsWhatItClaims(
  { schedule, steps }: Case,
  simulation: Simulation,
  costOf?: (action: Action) => number,
): void {
  const optimum = schedule.optimum(steps)
  if (optimum === undefined) return
  if (optimum.forwardSteps !== simulation.forwardSteps) {
    throw new Error(`claims ${optimum.forwardSteps} forward steps and takes ${simulation.forwardSteps}`)
  }
  const makespans: number[] = []
  // Without costs, the simulation takes the schedule's own prices.
  if (schedule.priceOf !== undefined) makespans.push(simulation.makespan)
  else if (costOf === undefined)
    makespans.push(simulate(schedule, { steps, costs: costsOf(schedule) }).makespan)
  if (costOf !== undefined)
    makespans.push([...schedule.start({ steps })].reduce((sum, action) => sum + costOf(action), 0))
  for (const makespan of makespans) {
    if (Math.abs(optimum.makespan - makespan) > 1e-12 * makespan)
      throw new Error(`claims a makespan of ${optimum.makespan}; a simulation counts ${makespan}`)
  }
}

/** The costs among a schedule's options. */
export function costsOf(schedule: Schedule): Record<string, never> {
  return (schedule.manifest.options['costs'] ?? {}) as Record<string, never>
}

/** A family says what it does and when to use it. The types require both; plain JavaScript may forget them. */
export function saysWhatItIsFor({ summary, whenToUse }: AnyScheduleFactory['definition']): void {
  for (const [name, text] of Object.entries({ summary, whenToUse })) {
    if (typeof text !== 'string' || text.trim() === '')
      throw new Error(`its declaration needs ${name}, a sentence or two; got ${show(text)}`)
  }
}

/** The manifest is pure JSON and says which steps it is for. */
export function hasPureManifest({ schedule, steps }: Case): void {
  const { manifest } = schedule
  if (!isPureJson(manifest)) throw new Error('its manifest is not pure JSON')
  if (manifest.online !== (manifest.steps === null))
    throw new Error('an offline schedule, and no other, has steps in its manifest')
  if (!manifest.online && manifest.steps !== steps)
    throw new Error(`its manifest says ${manifest.steps} steps`)
}

function isPureJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean'
  return value === null || Object.values(value).every(isPureJson)
}

/** Runs are equal and do not disturb each other; each action is a fresh object. */
export function runsAreFreshAndEqual({ schedule, steps }: Case): void {
  const alone = [...schedule.start({ steps })].map((action) => formatAction(action))
  const [first, second] = [schedule.start({ steps }), schedule.start({ steps })]
  const seen = new Set<Action>()
  for (const [i, line] of alone.entries()) {
    for (const run of [first, second]) {
      const action = run.next().value as Action | undefined
      if (action === undefined || formatAction(action) !== line) {
        throw new Error(
          `two runs at a time differ from one alone at action ${i}: ${action && formatAction(action)} in place of ${line}`,
        )
      }
      if (seen.has(action)) throw new Error(`action ${i} is an object that was handed out before`)
      seen.add(action)
    }
  }
  if (!first.next().done || !first.isExhausted) throw new Error('a run continues after its end')
}

/** n, r and steps of a run are right after each action. */
export function runTellsWhereItStands({ schedule, steps }: Case): void {
  const run = schedule.start({ steps })
  let r = 0
  for (const action of run) {
    if (action.type === 'Reverse') r += action.n1 - action.n0
    const n = standsAt(action, steps)
    if (n !== undefined && run.n !== n) {
      throw new Error(`after ${formatAction(action)} the run says n = ${run.n}, not ${n}`)
    }
    if (run.r !== r && action.type !== 'EndReverse')
      throw new Error(`after ${formatAction(action)} the run says r = ${run.r}, not ${r}`)
  }
  if (run.steps !== steps) throw new Error(`at its end the run says steps = ${run.steps}`)
}

function standsAt(action: Action, steps: number): number | undefined {
  if (action.type === 'Forward') return Math.min(action.n1, steps)
  return action.type === 'Copy' || action.type === 'Move' ? action.n : undefined
}

/** An online run finalised by hand is the one that `start({ steps })` gives; an offline one refuses to be finalised. */
export function finalisesByTheRules({ schedule, steps }: Case): void {
  if (!schedule.manifest.online) {
    refuses(
      () => schedule.start({ steps: steps + 1 }),
      'STEPS_MISMATCH',
      'start with other steps than planned',
    )
    const run = schedule.start()
    run.next()
    refuses(() => run.finalize(steps), 'INVALID_FINALIZE', 'finalize offline')
    return
  }
  refuses(() => schedule.start().finalize(1), 'INVALID_FINALIZE', 'finalize before the first Forward')
  const run = schedule.start()
  const byHand: string[] = []
  if (steps === 0) run.finalize(0)
  for (const action of run) {
    byHand.push(formatAction(action))
    if (action.type === 'Discard' && run.steps === undefined)
      refuses(() => run.finalize(run.n), 'INVALID_FINALIZE', 'finalize directly after a Discard')
    if (action.type === 'Forward' && run.steps === undefined && action.n1 >= steps) {
      refuses(() => run.finalize(action.n0), 'INVALID_FINALIZE', 'finalize at or before the Forward')
      if (action.n1 < UNBOUNDED)
        refuses(() => run.finalize(action.n1 + 1), 'INVALID_FINALIZE', 'finalize beyond the Forward')
      run.finalize(steps)
      if (run.n !== steps) throw new Error(`after finalize(${steps}) the run says n = ${run.n}`)
      refuses(() => run.finalize(steps), 'INVALID_FINALIZE', 'finalize twice')
    }
  }
  const byItself = Array.from(schedule.start({ steps }), (action) => formatAction(action))
  if (byHand.join('\n') !== byItself.join('\n'))
    throw new Error('finalize and start({ steps }) give different actions')
}

/** As many adjoints as asked for, and no more than the manifest permits. */
export function permitsWhatItClaims({ schedule, steps }: Case): void {
  const { adjoints } = schedule.manifest
  if (adjoints !== 'unlimited')
    refuses(
      () => schedule.start({ steps, adjoints: adjoints + 1 }),
      'ADJOINTS_NOT_PERMITTED',
      'too many adjoints',
    )
  for (const wanted of adjoints === 'unlimited' ? [0, 1, 3] : [0, adjoints]) {
    const ends = countOf(schedule, { steps, adjoints: wanted }, 'EndReverse')
    if (ends !== wanted) throw new Error(`was asked for ${wanted} adjoints and ended ${ends}`)
  }
}

function countOf(schedule: Schedule, start: StartOptions, type: Action['type']): number {
  let count = 0
  for (const action of schedule.start(start)) if (action.type === type) count += 1
  return count
}

function refuses(attempt: () => unknown, code: string, what: string): void {
  try {
    attempt()
  } catch (error) {
    if (isCheckpointScheduleError(error) && error.code === code) return
    throw new Error(`${what}: should be refused with ${code}`, { cause: error })
  }
  throw new Error(`${what}: should be refused with ${code}, and is not`)
}
