/** Checks numbers by step: one for all steps, an array, or a function of the step. */
import { CheckpointScheduleError, messageOf, optionError, show } from './errors.js'
import type { PerStep, PerStepInput, PerStepOption } from './options.js'

/** Whether a value is of one of the three forms; its numbers are checked by `checkPerStep`. */
export function isPerStep(value: unknown): value is PerStepInput {
  if (typeof value === 'number' || typeof value === 'function' || Array.isArray(value)) return true
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}

/** The number for all steps, or a frozen array of one for each step. Calls a function twice for each step. */
export function checkPerStep(
  call: string,
  where: string,
  { min, atEnd, help }: PerStepOption,
  steps: number,
  given: PerStepInput,
): PerStep {
  const refuse = (sentence: string, received: unknown) =>
    optionError(call, sentence, { option: where, received })
  const fitting = (at: string, value: unknown): number => {
    if (typeof value === 'number' && value >= min && Number.isFinite(value)) return value + 0 // -0 becomes 0
    throw refuse(`${where}${at} must be a finite number >= ${min} (${help}); got ${show(value)}.`, value)
  }
  if (typeof given === 'number') return fitting('', given)
  const length = steps + (atEnd ? 1 : 0)
  if (typeof given !== 'function') {
    if (given.length === length)
      return Object.freeze(Array.from(given, (value, n) => fitting(`[${n}]`, value)))
    const end = atEnd ? ' and one for the end' : ''
    throw refuse(
      `${where} must have one number for each of ${steps} steps${end}, ${length} in all (${help}); got an array of ${given.length}.`,
      given,
    )
  }
  const called = (n: number): number => {
    let value: unknown
    try {
      value = given(n)
    } catch (cause) {
      throw new CheckpointScheduleError(
        'INVALID_OPTION',
        `${call}: ${where}(${n}) must return a finite number >= ${min} (${help}); it threw: ${messageOf(cause)}`,
        { details: { call, option: where }, cause },
      )
    }
    return fitting(`(${n})`, value)
  }
  const values = Array.from({ length }, (_, n) => called(n))
  for (const [n, value] of values.entries()) {
    const again = called(n)
    if (again === value) continue
    const sentence = `${where}(${n}) must return the same number each time (${help}); got ${value}, then ${again}.`
    throw refuse(sentence, again)
  }
  return Object.freeze(values)
}
