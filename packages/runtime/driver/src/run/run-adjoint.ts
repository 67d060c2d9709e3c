/** `runAdjoint`: a schedule, a model, a start; out come the final state and the adjoints. */
import { type Limits, optionError } from '@checkpoint-schedules/core'
import {
  type Codec,
  independentCopy,
  type JournalEvent,
  memoryStore,
  type OpenJournal,
  type Store,
  treeCodec,
} from '@checkpoint-schedules/model'
import { leftOut } from '../journal/journal-events.js'
import { identityOf } from '../journal/index.js'
import { Patience } from '../checkpoints/patience.js'
import { storesFor } from '../checkpoints/stores-for.js'
import { AdjointRun } from './adjoint-run.js'
import { named } from '../values/named.js'
import { checkRun } from './check-run.js'
import { planningProgress } from './progress.js'
import type { AdjointResult, ForwardOptions, RunAdjointOptions } from './run-options.js'

/**
 * Runs a model forward alone, under a schedule that permits no adjoint: the model needs `step` only, and there are no adjoints in the
 * result. All else is as with an adjoint.
 *
 * @example
 * ```ts
 * import { none } from '@checkpoint-schedules/basic'
 * import { runAdjoint } from '@checkpoint-schedules/driver'
 *
 * const { finalState } = await runAdjoint({
 *   schedule: none(),
 *   model: { step: (x: number) => 2 * x, isDone: (x: number) => x >= 100 },
 *   initialState: 1,
 * })
 * console.log(finalState) // 128
 * ```
 */
export function runAdjoint<State>(options: ForwardOptions<State>): Promise<AdjointResult<State, never>>
/**
 * Runs a model forward and its adjoint backward as the schedule says.
 *
 * A run of no steps (`steps: 0`, or `isDone` at the start) returns the initial state and the terminal adjoint.
 *
 * Holds at most the schedule's checkpoints, one working state, the tapes that the schedule asks for, the adjoint (at the end of a
 * calculation also its copy, the result), and the final state. Every action is checked against the laws of the abstract machine before
 * it is carried out, so that a faulty schedule ends
 * in an error, never in a wrong gradient. Whatever happens, all is released before the promise settles.
 *
 * @throws `INVALID_OPTION`, `MISSING_STORE`, `ADJOINTS_NOT_PERMITTED`, `STEPS_MISMATCH` before any work starts.
 * @throws `MODEL_FAILED`: the model threw; `cause` is what it threw, `details` have `phase` and `step`.
 * @throws `MAX_STEPS_REACHED`: `isDone` has not held after `maxSteps` steps.
 * @throws `MODEL_STUCK`: after an abort a promise of the model was still pending when `graceMs` had passed.
 * @throws `NOT_REPRODUCIBLE`: `checkReplay` saw the forward compute something else than before.
 * @throws `INVALID_VALUE`: a value cannot be held, or shares memory with another one that it would change.
 * @throws `STORE_FAILED`, `BROKEN_LAW`
 * @example
 * ```ts
 * import { runAdjoint } from '@checkpoint-schedules/driver'
 * import { multistage } from '@checkpoint-schedules/multistage'
 *
 * // x' = x + x²/10, and the derivative of x(20) with respect to x(0).
 * const model = {
 *   step: (x: number) => x + (x * x) / 10,
 *   tape: (x: number) => ({ state: x + (x * x) / 10, tape: x }),
 *   adjoint: (a: number, x: number) => a * (1 + x / 5),
 * }
 * const { finalState, adjoints } = await runAdjoint({
 *   schedule: multistage({ steps: 20, snapshotsInRam: 3 }),
 *   model,
 *   initialState: 0.1,
 *   terminalAdjoint: 1,
 * })
 * ```
 */
export function runAdjoint<State, Tape, Adjoint>(
  options: RunAdjointOptions<State, Tape, Adjoint>,
): Promise<AdjointResult<State, Adjoint>>
export async function runAdjoint<State, Tape, Adjoint>(
  given: ForwardOptions<State> | RunAdjointOptions<State, Tape, Adjoint>,
): Promise<AdjointResult<State, Adjoint>> {
  // What a forward alone leaves out is not used: its schedule tapes and reverses nothing.
  const options = given as RunAdjointOptions<State, Tape, Adjoint>
  checkRun(options)
  const planning = plan(options)
  if (planning === undefined) return runPlanned(options)
  planning.catch(() => undefined) // awaited below
  // The caller may change the original from now on.
  const codec = options.model.codecs?.state ?? (treeCodec as Codec<State>)
  const initialState = await named('initialState', () => independentCopy(codec, options.initialState))
  try {
    await planning
    return await runPlanned({ ...options, initialState })
  } finally {
    await codec.dispose?.(initialState)
  }
}

/** Makes the schedule's plan; `undefined` if that is done. */
function plan<State, Tape, Adjoint>({
  schedule,
  signal,
  onProgress,
}: RunAdjointOptions<State, Tape, Adjoint>): Promise<void> | undefined {
  const started = performance.now()
  return schedule.prepare({
    signal,
    onProgress: (fraction) => onProgress?.(planningProgress(fraction, performance.now() - started)),
  })
}

async function runPlanned<State, Tape, Adjoint>(
  options: RunAdjointOptions<State, Tape, Adjoint>,
): Promise<AdjointResult<State, Adjoint>> {
  const { schedule, steps } = options
  const limits = schedule.limits(steps ?? schedule.manifest.steps ?? undefined)
  const { stores, journal, model, signal } = options
  if (journal === undefined) return performRun(options, limits, storesFor('runAdjoint', limits, stores))
  storesFor('runAdjoint', limits, stores, memoryStore()) // refuses what is no store
  signal?.throwIfAborted()
  const { state = treeCodec, tape = treeCodec, adjoint = treeCodec } = (model.codecs ?? {}) as UnknownCodecs
  const patience = new Patience(signal)
  const { onEvent } = options
  const settings = {
    identity: await identityOf(options),
    codecs: { state, tape, adjoint },
    signal,
    onEvent: onEvent && ((event: JournalEvent) => onEvent(event)),
  }
  const opened = await patience
    .opened(journal.open(settings), (late) => late.close('unfinished'))
    .finally(() => patience.end())
  if (typeof (opened as Partial<OpenJournal> | null)?.commit !== 'function')
    throw optionError(
      'runAdjoint',
      'journal.open must return an opened journal; pass a journal, such as fileJournal(directory) of storage-fs.',
    )
  try {
    const apart = Object.keys(limits).filter((name) => name !== 'RAM' && stores?.[name] !== undefined)
    if (apart.length > 0) onEvent?.(leftOut(apart))
    const result = await performRun(
      options,
      limits,
      storesFor('runAdjoint', limits, stores, opened.store),
      opened,
    )
    await opened.close('finished')
    return result
  } catch (error) {
    await Promise.resolve(opened.close('unfinished')).catch(() => undefined)
    throw error
  }
}

type UnknownCodecs = { readonly [Kind in 'state' | 'tape' | 'adjoint']?: Codec<unknown> }

async function performRun<State, Tape, Adjoint>(
  options: RunAdjointOptions<State, Tape, Adjoint>,
  limits: Limits,
  stores: ReadonlyMap<string, Store>,
  journal?: OpenJournal,
): Promise<AdjointResult<State, Adjoint>> {
  options.signal?.throwIfAborted()
  const run = new AdjointRun(options, limits, journal)
  try {
    await run.perform(stores, limits)
  } catch (error) {
    await run.release({ results: true }).catch(() => undefined) // what ended the run is the better message
    throw error
  }
  try {
    await run.release({ results: false })
  } catch (error) {
    await run.release({ results: true }).catch(() => undefined)
    throw error
  }
  return run.result()
}
