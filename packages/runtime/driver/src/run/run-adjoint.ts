/** `runAdjoint`: a schedule, a model, a start; out come the final state and the adjoints. */
import { isSchedule, type Limits, optionError, show } from '@checkpoint-schedules/core'
import { AdjointRun } from './adjoint-run.js'
import {
  type Codec,
  type JournalEvent,
  memoryStore,
  type OpenJournal,
  type Store,
  treeCodec,
} from '@checkpoint-schedules/model'
import { leftOut } from '../journal/journal-events.js'
import { identityOf } from '../journal/journal-keeper.js'
import { Patience } from '../checkpoints/patience.js'
import { storesFor } from '../checkpoints/stores-for.js'
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
  const limits = checkRun(options)
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

function checkRun<State, Tape, Adjoint>(options: RunAdjointOptions<State, Tape, Adjoint>): Limits {
  const { schedule, model, steps, adjoints } = options
  if (!isSchedule(schedule)) {
    throw optionError(
      'runAdjoint',
      'schedule must be a schedule, such as multistage({ steps: 100, snapshotsInRam: 10 }).',
    )
  }
  const permitted = schedule.manifest.adjoints
  for (const name of permitted === 0 ? (['step'] as const) : (['step', 'tape', 'adjoint'] as const)) {
    if (typeof model?.[name] !== 'function') {
      throw optionError(
        'runAdjoint',
        `model.${name} must be a function; a model has step(state, n), tape(state, n) and adjoint(adjoint, tape, n).`,
      )
    }
  }
  if (options.initialState === undefined)
    throw optionError('runAdjoint', 'initialState is missing; pass the state at step 0.')
  const { buffers = 2 } = options
  if (!Number.isSafeInteger(buffers) || buffers < 0) {
    throw optionError(
      'runAdjoint',
      `buffers must be an integer >= 0 (transfers under way at once); got ${show(buffers)}.`,
    )
  }
  const { checkReplay = false } = options
  if (
    typeof checkReplay !== 'boolean' &&
    !(((checkReplay as { share?: unknown } | null)?.share as number) > 0)
  ) {
    throw optionError(
      'runAdjoint',
      `checkReplay must be true, false or { share } with a number > 0, such as { share: 0.02 }; got ${show(checkReplay)}.`,
    )
  }
  if (options.terminalAdjoint === undefined && (adjoints ?? permitted) !== 0) {
    throw optionError(
      'runAdjoint',
      'terminalAdjoint is missing; pass the adjoint at the end, or (finalState, k, steps) => adjoint.',
    )
  }
  schedule.start({ steps, adjoints }) // refuses what does not fit
  checkEnd(options)
  if (options.journal !== undefined && typeof options.journal?.open !== 'function')
    throw optionError(
      'runAdjoint',
      'journal must be a journal, such as fileJournal(directory) of storage-fs.',
    )
  return schedule.limits(steps ?? schedule.manifest.steps ?? undefined)
}

/** Something says where the forward ends, and nothing else says otherwise. */
function checkEnd<State, Tape, Adjoint>(options: RunAdjointOptions<State, Tape, Adjoint>): void {
  const { schedule, model, steps, maxSteps, graceMs = 0 } = options
  const { name, steps: planned } = schedule.manifest
  const known = steps ?? planned
  if (known === null && model.isDone === undefined) {
    throw optionError(
      'runAdjoint',
      `${name} is online and nothing says where the forward ends; pass steps, or give the model isDone(state, n).`,
    )
  }
  if (steps === undefined && planned !== null && model.isDone !== undefined) {
    throw optionError(
      'runAdjoint',
      `the model has isDone, but ${name} was planned for ${planned} steps and cannot stop before. ` +
        `Pass steps: ${planned} to take exactly that many without asking isDone, or a schedule that is online, such as twoLevel or singleMemory.`,
    )
  }
  if (maxSteps !== undefined && (!Number.isSafeInteger(maxSteps) || maxSteps < 1)) {
    throw optionError('runAdjoint', `maxSteps must be an integer >= 1; got ${show(maxSteps)}.`)
  }
  if (maxSteps !== undefined && known !== null) {
    throw optionError(
      'runAdjoint',
      `maxSteps is for a forward that isDone ends, and this one has ${known} steps. Leave maxSteps out.`,
    )
  }
  if (!(graceMs >= 0 && (graceMs < 2 ** 31 || graceMs === Infinity))) {
    throw optionError(
      'runAdjoint',
      `graceMs must be a number of milliseconds from 0 to 2^31-1, or Infinity; got ${show(graceMs)}.`,
    )
  }
}
