/** The user's `isDone`, which borrows the state. */
import { after, type Awaitable } from '@checkpoint-schedules/model'
import type { ObjectiveDefinition } from './definition.js'
import { layoutOf } from './layout.js'
import { copiedTree } from './trees.js'

/** The same function with a tree of its own. @throws `INVALID_VALUE` (from it): it released an array of the state, or used it up. */
export function isDoneOf<X, State>({
  ad,
  isDone,
}: Pick<ObjectiveDefinition<X, State, any, any>, 'ad' | 'isDone'>):
  | ((state: State, n: number) => Awaitable<boolean>)
  | undefined {
  if (isDone === undefined) return undefined
  return (state, n) =>
    after(isDone(copiedTree(ad, state), n), (done) => {
      layoutOf(ad, state, `after isDone(state, ${n}), the state`)
      return done
    })
}
