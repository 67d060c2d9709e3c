/** The loop for those who own their storage: one handler for each type of action. */
import { type Action, isSchedule, optionError, type Run, type Schedule } from '@checkpoint-schedules/core'
import { type Awaitable, isPromise } from '@checkpoint-schedules/model'
import { Turns } from './turns.js'

/** A handler for each type of action; the run is for `finalize` and for looking at `n` and `r`. */
export type Handlers = {
  readonly [Type in Action['type'] as Uncapitalize<Type>]?: (
    action: Extract<Action, { type: Type }>,
    run: Run,
  ) => Awaitable<void>
}

/** How to execute. */
export interface ExecuteOptions {
  readonly steps?: number
  readonly adjoints?: number
  /** Stops before the next action. */
  readonly signal?: AbortSignal
}

/**
 * Calls the handler of each action, one after another. Handlers may be sync or async; `endForward` and `endReverse` may be left
 * out. An online schedule is finalised by `options.steps`, or by the forward handler: `run.finalize(n)`.
 *
 * @throws `INVALID_OPTION`: the schedule emits an action that has no handler. What a handler throws passes through.
 * @example
 * ```ts
 * import { execute } from '@checkpoint-schedules/driver'
 * import { multistage } from '@checkpoint-schedules/multistage'
 *
 * let steps = 0
 * await execute(multistage({ steps: 10, snapshotsInRam: 3 }), {
 *   forward: ({ n0, n1 }) => { steps += n1 - n0 },
 *   reverse: () => {},
 *   copy: () => {},
 *   move: () => {},
 * })
 * console.log(steps) // 25
 * ```
 */
export async function execute(
  schedule: Schedule,
  handlers: Handlers,
  options: ExecuteOptions = {},
): Promise<void> {
  if (!isSchedule(schedule))
    throw optionError('execute', 'the first argument must be a schedule, such as multistage({ … }).')
  const { signal, ...start } = options
  signal?.throwIfAborted()
  const run = schedule.start(start)
  const planning = schedule.prepare({ signal })
  if (planning !== undefined) await planning
  const turns = new Turns()
  for (const action of run) {
    const name = action.type.charAt(0).toLowerCase() + action.type.slice(1)
    const handler = handlers[name as keyof Handlers] as
      | ((action: Action, run: Run) => Awaitable<void>)
      | undefined
    if (handler === undefined) {
      if (action.type === 'EndForward' || action.type === 'EndReverse') continue
      throw optionError(
        'execute',
        `${schedule.manifest.name} emits ${action.type} and there is no handler for it; pass { ${name}(action) { … } }.`,
      )
    }
    const pending = handler(action, run)
    if (isPromise(pending)) await pending
    if (turns.due) await turns.take()
    signal?.throwIfAborted()
  }
}
