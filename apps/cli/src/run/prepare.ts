/** From arguments to a problem and a schedule that are ready to run; anything that does not fit is reported here. */
import { createHash } from 'node:crypto'
import {
  type AnyScheduleFactory,
  checkOptions,
  type NumericArray,
  type OptionDescriptors,
  type Schedule,
} from '@checkpoint-schedules/core'
import type { PartRange, ProblemInstance } from '@checkpoint-schedules/driver'
import { readNpy } from '../files/npy.js'
import { replaceSizes } from '../flags/read-values.js'
import { inFlags, withFlags } from '../flags/wording.js'
import { usageError } from '../terminal/usage-error.js'
import type { ModelArguments, Side } from './model-arguments.js'
import { AUTO, type AutoBudget, autoBudget } from './auto-flags.js'
import { type MemoryBudget, withinSizes } from './memory-budget.js'

/** A problem of any types. */
export type Instance = ProblemInstance<unknown, unknown, unknown, unknown>

export interface PreparedRun {
  readonly instance: Instance
  /** The same problem at another control. */
  readonly instanceAt: (control: unknown) => Instance
  /** The schedule, or the budget that one is still to be chosen for. */
  readonly schedule: Schedule | AutoBudget
  /** `undefined` if the model decides when to stop. */
  readonly steps: number | undefined
  /** What the run depends on besides its flags, for a journal: digests of input files and of the user's module. */
  readonly digests: readonly string[]
  /** The memory limit, if it was given as a size. */
  readonly memory: MemoryBudget | undefined
}

/** The problem's options with the arrays of its input files, and digests of those. */
export interface Inputs {
  readonly options: Readonly<Record<string, unknown>>
  readonly digests: readonly string[]
  /** Where to take the gradient, if not at the problem's own control. */
  readonly control?: unknown
}

/** The parts to prepare, and the inputs if they have been loaded already. */
export interface PreparedPart {
  readonly inputs: Inputs
  readonly range: PartRange
}

export async function prepare(args: ModelArguments, part?: PreparedPart): Promise<PreparedRun> {
  const { problem, schedule, steps } = args
  const budget = checkScheduleFlags(schedule)
  const { options, digests, control: given }: Inputs = part?.inputs ?? (await loadInputs(args))
  const instanceAt = (control = given): Instance => problem.made(options, control, part?.range)
  const instance = attempt(problem, () => instanceAt())
  const known = instance.steps ?? steps
  if (steps !== undefined && known !== steps) {
    throw usageError(`--steps is ${steps}, but ${problem.name} has ${known} steps. Leave --steps out.`)
  }
  if (!isNamed(schedule)) {
    if (known === undefined)
      throw usageError(
        `the number of steps of ${problem.name} is unknown; pass --steps N, or use an online schedule.`,
      )
    return { instance, instanceAt, schedule: budget!, steps: known, digests, memory: budget!.ram }
  }
  checkSteps(schedule, instance, problem.name, known)
  const make = (options: Record<string, unknown>) =>
    schedule.made(schedule.made.definition.online ? options : { ...options, steps: known })
  const { options: counted, memory } = await withinSizes(schedule, problem.name, known, instanceAt, make)
  const made = withFlags(schedule.flags, () => make(counted))
  if (made.manifest.adjoints === 0) {
    throw usageError(
      `${schedule.name} permits no adjoint calculation, so there is no gradient; use another schedule.`,
    )
  }
  return { instance, instanceAt, schedule: made, steps: known, digests, memory }
}

/** Reports errors in the schedule's flags that do not depend on the model; the budget for `auto`. */
export function checkScheduleFlags(schedule: ModelArguments['schedule']): AutoBudget | undefined {
  if (!isNamed(schedule)) return autoBudget(schedule.values)
  checkEarly(schedule)
  return undefined
}

function isNamed(schedule: ModelArguments['schedule']): schedule is Side<AnyScheduleFactory> {
  return schedule.made !== AUTO
}

// Errors in the schedule's flags that do not depend on the model are reported before files are read.
function checkEarly({
  name,
  made,
  flags,
  values,
}: Side<unknown> & { made: { definition: { options: OptionDescriptors } } }): void {
  const { steps: _steps, ...descriptors } = made.definition.options
  const placeholders = replaceSizes(values, flags, () => 1)
  withFlags(flags, () => checkOptions(name, descriptors, placeholders))
}

/** Reads the input files. */
export async function loadInputs({ problem, steps, digest }: ModelArguments): Promise<Inputs> {
  const { made, values } = problem
  const descriptors = made.definition.options as OptionDescriptors
  const options: Record<string, unknown> = { ...values }
  const digests: string[] = []
  if (steps !== undefined && 'steps' in descriptors) options['steps'] = steps
  for (const [option, descriptor] of Object.entries(descriptors)) {
    const path = options[option]
    if (descriptor.kind !== 'array' || typeof path !== 'string') continue
    const array: NumericArray = await readNpy(path, descriptor.dimensions)
    options[option] = array
    digests.push(`${option} ${digestOf(array)}`)
  }
  if (digest !== undefined) digests.push(`module ${digest}`)
  return { options, digests }
}

function digestOf({ data, shape }: NumericArray): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return createHash('sha256').update(shape.join(' ')).update(bytes).digest('hex')
}

function checkSteps(
  { made }: Side<AnyScheduleFactory>,
  instance: Instance,
  model: string,
  steps: number | undefined,
): void {
  const { online } = made.definition
  if (steps === undefined && (!online || instance.model.isDone === undefined)) {
    const way = online ? '' : ' or use an online schedule'
    throw usageError(
      `the number of steps of ${model} is unknown; pass --steps N${instance.model.isDone === undefined ? '' : way}.`,
    )
  }
}

/** Runs `make`; its errors name the flags of the problem. */
// The problem's steps are also --steps, although its flags leave them out.
export function attempt<T>({ flags }: ModelArguments['problem'], make: () => T): T {
  try {
    return make()
  } catch (error) {
    const steps = {
      long: 'steps',
      short: undefined,
      descriptor: { kind: 'integer', min: 1, help: '' },
      path: ['steps'],
    } as const
    throw inFlags(error, [...flags, steps])
  }
}
