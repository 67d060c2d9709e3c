/** Replays a trace up to the first broken law, and remembers the actions around it. */
import { type Action, formatAction, isCheckpointScheduleError } from '@checkpoint-schedules/core'
import {
  type SimulateOptions,
  type Simulation,
  type Violation,
  verify,
} from '@checkpoint-schedules/simulator'

/** Actions shown before and after the broken one. */
const AROUND = 3

/** The outcome: the counts, or the first broken law with the actions around it. */
export type Replayed =
  | { readonly simulation: Simulation; readonly violation?: undefined }
  | { readonly simulation?: undefined; readonly violation: Violation; readonly around: readonly string[] }

/** Time: O(actions) up to the first broken law; memory: O(checkpoints held). */
export function replay(actions: Iterator<Action, void>, options: SimulateOptions): Replayed {
  const recent: Action[] = []
  let count = 0
  // An iterator without `return`, because the actions after a broken law are still read.
  const next = (): IteratorResult<Action, undefined> => {
    const { done, value } = actions.next()
    if (done) return { done: true, value: undefined }
    count += 1
    recent.push(value)
    if (recent.length > 2 * AROUND + 1) recent.shift()
    return { done: false, value }
  }
  try {
    return { simulation: verify({ [Symbol.iterator]: () => ({ next }) }, options) }
  } catch (error) {
    if (!isCheckpointScheduleError(error) || error.code !== 'BROKEN_LAW') throw error
    const violation = error.details as unknown as Violation
    for (let i = 0; i < AROUND && !next().done; i++);
    const first = count - recent.length
    const width = String(count).length
    const around = recent.map((action, i) => {
      const mark = first + i === violation.index ? '>' : ' '
      return `${mark} ${String(first + i).padStart(width)}  ${formatAction(action)}`
    })
    return { violation, around: around.slice(Math.max(0, violation.index - first - AROUND)) }
  }
}
