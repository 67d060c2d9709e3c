/** The inputs of a step: made when it is taken, and released afterwards. */
import { messageOf } from '@checkpoint-schedules/core'
import { after, type Awaitable } from '@checkpoint-schedules/model'
import type { ObjectiveDefinition } from './definition.js'
import type { Differentiator } from './differentiator.js'
import { checkFloats, difference, invalid, type Layout, layoutOf } from './layout.js'
import { leavesOf, releaseAll } from './trees.js'

/** Calls `use` with the input of step n. */
export type WithInput<Input> = <T>(n: number, use: (input: Input) => Awaitable<T>) => Awaitable<T>

/** What a step sees if there are no inputs. */
const none: readonly [] = []

/** @param areDifferentiated - Whether the gradient by them is asked for. */
export function inputsOf<X, Input>(
  { ad, inputs }: Pick<ObjectiveDefinition<X, any, any, Input>, 'ad' | 'inputs'>,
  areDifferentiated: boolean,
): WithInput<Input> {
  if (inputs === undefined) return (_n, use) => use(none as Input)
  let first: { readonly layout: Layout; readonly n: number } | undefined
  const check = (input: Input, n: number) => {
    const layout = layoutOf(ad, input, 'input')
    if (first === undefined && areDifferentiated) checkFloats(layout, 'Leave onInputGradient out otherwise.')
    first ??= { layout, n }
    const wrong = difference(first.layout, layout)
    if (wrong !== undefined)
      throw invalid(
        `inputs(${n}) must return arrays of the same types and shapes as inputs(${first.n}), but ${wrong}.`,
        { step: n },
      )
  }
  const used = <T>(input: Input, n: number, use: (input: Input) => Awaitable<T>): Awaitable<T> => {
    try {
      check(input, n)
      return use(input)
    } finally {
      releaseAll(ad, input)
    }
  }
  return (n, use) =>
    after(inputs(n), (input) => {
      checkNew(ad, input, n)
      return used(input, n, use)
    })
}

/** @throws `INVALID_VALUE`: an array was released before; so nothing of it is released again. */
function checkNew<X>(ad: Differentiator<X>, input: unknown, n: number): void {
  for (const array of leavesOf(ad, input))
    try {
      ad.describe(array)
    } catch (error) {
      throw invalid(
        `inputs(${n}) returned an array that cannot be used: ${messageOf(error)}. Make new arrays each time, as they are released after use.`,
        { step: n },
      )
    }
}
