/** The inputs of a step: made when it is taken, and released afterwards. */
import { after, type Awaitable } from '@checkpoint-schedules/model'
import type { ObjectiveDefinition } from './definition.js'
import { checkFloats, difference, invalid, type Layout, layoutOf } from './layout.js'
import { releaseAll } from './trees.js'

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
  return (n, use) => {
    const used = (input: Input) => {
      try {
        check(input, n)
        return use(input)
      } finally {
        releaseAll(ad, input)
      }
    }
    return after(inputs(n), used)
  }
}
