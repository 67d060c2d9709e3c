/** A problem: a model with a start, an objective and a control, made from options. What a command line can load. */
import {
  checkOptions,
  type OptionDescriptors,
  type OptionInput,
  optionError,
  type OptionValues,
  show,
} from '@checkpoint-schedules/core'
import type { Awaitable } from './awaitable.js'
import type { Model } from './model.js'

/** One axis of a field. */
export interface Axis {
  readonly label: string
  readonly unit: string
  /** The coordinate of the first value. */
  readonly start: number
  /** The distance between two values. */
  readonly spacing: number
  readonly count: number
}

/** Places in a field, such as those of receivers, that its picture marks. */
export interface FieldMarks {
  /** What they are, in the plural. */
  readonly label: string
  /** Their coordinates, one for each axis and in its unit. */
  readonly at: readonly (readonly number[])[]
}

/** How control and gradient are laid out, so that they can be drawn. */
export interface Field {
  /** What the control is, such as `velocity`. */
  readonly label: string
  /** The control's unit. */
  readonly unit: string
  /** One or two axes, the slowest first. */
  readonly axes: readonly Axis[]
  /** What a picture of two axes marks. */
  readonly marks?: readonly FieldMarks[]
}

/** Neighbouring parts of a sum, counted from 0. */
export interface PartRange {
  readonly first: number
  readonly count: number
}

/** A problem for given options (and control): ready to run. */
export interface ProblemInstance<State, Tape, Adjoint, Control> {
  readonly model: Model<State, Tape, Adjoint>
  readonly initialState: State
  /** The number of steps if it is known; otherwise the model has `isDone`. */
  readonly steps?: number
  /** The adjoint at the end, or how to make it; `k` counts adjoint calculations from 0, `steps` is N. */
  readonly terminalAdjoint: Adjoint | ((finalState: State, k: number, steps: number) => Awaitable<Adjoint>)
  /** The objective, from the final state. */
  objective(finalState: State): Awaitable<number>
  /** The objective's gradient with respect to the control, from the adjoint at step 0. */
  gradient(adjoint: Adjoint): Awaitable<Control>
  /** What the gradient is taken with respect to. */
  readonly control: Control
  readonly field?: Field
}

/** A problem, declared. */
export interface ProblemDefinition<Ds extends OptionDescriptors, State, Tape, Adjoint, Control> {
  readonly name: string
  /** One sentence: the equation and what is differentiated with respect to what. */
  readonly summary: string
  readonly options: Ds
  /** Rules across options: a sentence if one is broken. */
  check?(options: OptionValues<Ds>): string | undefined
  /**
   * The number of parts, if the objective is a sum over independent ones, such as the shots of a survey or the members of an ensemble.
   * Should take no time: it is asked before any work starts.
   */
  parts?(options: OptionValues<Ds>): number
  /**
   * The problem for these options; with `control`, at that control instead of the options' own; with `range`, with the sum over only those
   * parts as its objective. `range` is only passed if there is `parts`. The control is the same for all parts.
   */
  create(
    options: OptionValues<Ds>,
    control?: Control,
    range?: PartRange,
  ): ProblemInstance<State, Tape, Adjoint, Control>
}

const brand = Symbol.for('checkpoint-schedules.problem')

/** Makes instances of a problem; carries its declaration. */
export interface Problem<
  Ds extends OptionDescriptors = any,
  State = any,
  Tape = any,
  Adjoint = any,
  Control = any,
> {
  /**
   * @param options - As the descriptors say.
   * @param control - Where to evaluate, instead of the options' own control (for Taylor tests and optimisers).
   * @param range - The parts that the objective and the gradient sum over; by default all.
   * @throws `INVALID_OPTION`
   */
  (
    options?: OptionInput<Ds>,
    control?: Control,
    range?: PartRange,
  ): ProblemInstance<State, Tape, Adjoint, Control>
  /**
   * The number of parts that the objective is a sum of; 1 if it is not a sum. The gradients of the parts add up to the whole gradient, but
   * for rounding.
   *
   * @throws `INVALID_OPTION`
   */
  parts(options?: OptionInput<Ds>): number
  readonly definition: ProblemDefinition<Ds, State, Tape, Adjoint, Control>
}

/**
 * Declares a problem. Options are checked before `create` is called.
 *
 * If the objective is a sum over independent parts, `parts` says how many there are, and `create` makes the problem for a range of them:
 * then the parts can be computed by different processes, on one machine or on many.
 *
 * @example
 * ```ts
 * import { integer } from '@checkpoint-schedules/core'
 * import { defineProblem } from '@checkpoint-schedules/driver'
 *
 * const doubling = defineProblem({
 *   name: 'doubling',
 *   summary: 'x doubles at each step.',
 *   options: { steps: integer({ min: 1, default: 10, help: 'time steps' }) },
 *   create: ({ steps }, control: number = 1) => ({
 *     model: {
 *       step: (x: number) => 2 * x,
 *       tape: (x: number) => ({ state: 2 * x, tape: null }),
 *       adjoint: (a: number) => 2 * a,
 *     },
 *     initialState: control,
 *     steps,
 *     terminalAdjoint: 1,
 *     objective: (x: number) => x,
 *     gradient: (a: number) => a,
 *     control,
 *   }),
 * })
 * doubling.definition.name // 'doubling'
 * ```
 */
export function defineProblem<const Ds extends OptionDescriptors, State, Tape, Adjoint, Control>(
  definition: ProblemDefinition<Ds, State, Tape, Adjoint, Control>,
): Problem<Ds, State, Tape, Adjoint, Control> {
  const { name } = definition
  const checked = (received: OptionInput<Ds> | undefined) => {
    const options = checkOptions(name, definition.options, received)
    const broken = definition.check?.(options)
    if (broken !== undefined) throw optionError(name, broken, { options })
    return options
  }
  const problem = (received?: OptionInput<Ds>, control?: Control, range?: PartRange) => {
    const options = checked(received)
    if (range === undefined) return definition.create(options, control)
    checkRange(name, range, countParts(definition, options))
    // Without parts, the only range is the whole.
    if (definition.parts === undefined) return definition.create(options, control)
    return definition.create(options, control, range)
  }
  const parts = (received?: OptionInput<Ds>) => countParts(definition, checked(received))
  Object.defineProperty(problem, 'name', { value: name })
  return Object.assign(problem, { definition, parts, [brand]: true })
}

function countParts<Ds extends OptionDescriptors>(
  definition: ProblemDefinition<Ds, any, any, any, any>,
  options: OptionValues<Ds>,
): number {
  const count = definition.parts?.(options) ?? 1
  if (Number.isSafeInteger(count) && count >= 1) return count
  throw optionError(definition.name, `parts must return an integer >= 1; it returned ${show(count)}.`)
}

function checkRange(name: string, range: PartRange, parts: number): void {
  const { first, count } = range
  const isWithin = Number.isSafeInteger(first) && Number.isSafeInteger(count) && first >= 0 && count >= 1
  if (isWithin && first + count <= parts) return
  const most = parts === 1 ? 'the one part, { first: 0, count: 1 }' : `some of the parts 0 to ${parts - 1}`
  throw optionError(name, `the range must name ${most}; got ${show(range)}.`)
}

/**
 * Whether `value` was made by `defineProblem` of any copy of the driver.
 *
 * @example
 * ```ts
 * import { isProblem } from '@checkpoint-schedules/driver'
 *
 * isProblem({ name: 'not one' }) // false
 * ```
 */
export function isProblem(value: unknown): value is Problem {
  return typeof value === 'function' && (value as unknown as Record<symbol, unknown>)[brand] === true
}
