/** The direction of a derivative: what is refused, and zeros for what is left out. */
import { optionError, show } from '@checkpoint-schedules/core'
import type { Compiled } from './compiled.js'
import type { PointAndDirection } from './driver-problem.js'
import { difference, type DifferenceWords, layoutOf } from './layout.js'
import { findNotFinite } from './not-finite.js'
import type { Along } from './objective.js'
import { mapTree, releaseAll } from './trees.js'

const parts = ['initialState', 'params'] as const

/** @param name - Of the function that was called. @throws `INVALID_OPTION`, `INVALID_VALUE` */
export function checkDirection<X, State, Params, Input>(
  { definition: { ad } }: Compiled<X, State, Params, Input>,
  name: string,
  { initialState, params = [] as Params, direction }: Along<State, Params>,
): void {
  const refuse = (sentence: string) => optionError(name, sentence)
  const form = 'pass { initialState, params } or one of them; what is left out is 0'
  if (direction === undefined) throw refuse(`direction is missing; ${form}.`)
  if (typeof direction !== 'object' || direction === null || ad.isArray(direction))
    throw refuse(`direction is ${ad.isArray(direction) ? 'an array' : show(direction)}; ${form}.`)
  const other = Object.keys(direction).find((key) => !(parts as readonly string[]).includes(key))
  if (other !== undefined) throw refuse(`direction has ${other}, which is not known; ${form}.`)
  if (parts.every((part) => direction[part] === undefined)) throw refuse(`direction is empty; ${form}.`)
  const point = { initialState, params }
  for (const part of parts) {
    if (direction[part] === undefined) continue
    const path = `direction.${part}`
    const words: DifferenceWords = {
      extra: `which ${part} does not have`,
      instead: (expected, got) => `is ${got} instead of ${expected}`,
    }
    const wrong = difference(layoutOf(ad, point[part], path), layoutOf(ad, direction[part], path), words)
    if (wrong !== undefined)
      throw refuse(`${path} must have the structure, shapes and types of ${part}, but ${wrong}.`)
  }
}

/**
 * Calls `use` with a start and a direction that the caller may release from now on.
 *
 * @throws `INVALID_OPTION`: the direction is not finite.
 */
export async function withDirection<X, State, Params, Input, T>(
  { definition: { ad }, derivatives }: Compiled<X, State, Params, Input>,
  name: string,
  { initialState, params = [] as Params, direction }: Along<State, Params>,
  use: (start: PointAndDirection<State, Params>) => Promise<T>,
): Promise<T> {
  const own = mapTree(ad, (array) => ad.retain(array), {
    initialState,
    params,
    direction: { initialState: direction.initialState, params: direction.params },
  })
  const made: unknown[] = []
  const orZeros = <Tree>(given: Tree | undefined, like: Tree): Tree => {
    if (given !== undefined) return given
    const zeros = derivatives.zeros(like)
    made.push(zeros)
    return zeros
  }
  try {
    await ad.ready()
    for (const part of parts) {
      if (own.direction[part] === undefined) continue
      const found = await findNotFinite(ad, own.direction[part], `direction.${part}`)
      if (found !== undefined) throw optionError(name, `the direction must be finite, but ${found}.`)
    }
    const whole = {
      initialState: orZeros(own.direction.initialState, own.initialState),
      params: orZeros(own.direction.params, own.params),
    }
    return await use({ initialState: own.initialState, params: own.params, direction: whole })
  } finally {
    releaseAll(ad, own, made)
  }
}
