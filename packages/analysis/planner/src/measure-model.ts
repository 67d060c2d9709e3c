/** What a model and its stores take on this machine: a few steps, timed. */
import {
  CheckpointScheduleError,
  isCheckpointScheduleError,
  messageOf,
  optionError,
  show,
} from '@checkpoint-schedules/core'
import {
  type Awaitable,
  type Codec,
  independentCopy,
  type Model,
  type Store,
  treeCodec,
} from '@checkpoint-schedules/model'
import type { SimulationCosts } from '@checkpoint-schedules/simulator'
import { measureStore } from './measure-stores.js'
import { type Codecs, ModelProbe, timed } from './model-probe.js'
import { type Spread, spreadOf } from './samples.js'
import { Turns } from './turns.js'

/** What is measured. */
export interface MeasureOptions<State, Tape, Adjoint> {
  readonly model: Model<State, Tape, Adjoint>
  /** The state at step 0; copied, never changed. */
  readonly initialState: State
  /**
   * The adjoint at the end, as for `runAdjoint`: a value, or a function of the state. By default a copy of the initial state, for models
   * whose adjoints are like states.
   */
  readonly terminalAdjoint?:
    | Adjoint
    | ((finalState: State, k: number, steps: number) => Awaitable<Adjoint>)
    | undefined
  /** The stores that the run will use, such as `{ DISK: fileStore(…) }`. Nothing is left in them. */
  readonly stores?: Readonly<Record<string, Store>> | undefined
  /** The number of steps, if the model cannot take more. By default it can take some hundred. */
  readonly steps?: number | undefined
  /** How often each time is taken, by default 7. */
  readonly samples?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** What came out: `sizes` and `costs` go into `planSchedule` as they are. */
export interface Measurement {
  /** Bytes. */
  readonly sizes: { readonly state: number; readonly tape: number; readonly adjoint: number }
  /**
   * Medians, in milliseconds; of `copy` the least, as most copies of a run go to memory that the process has already, and the first ones to
   * new memory, which can take fifty times as long.
   */
  readonly costs: Required<SimulationCosts>
  /** How far the times lie apart, by name: `forwardStep`, …, `write DISK`, … */
  readonly spread: Readonly<Record<string, Spread>>
}

/** A sample of fast steps takes at least this many milliseconds, up to this many steps. */
const LEAST_MS = 2
const MOST_STEPS = 256
/** Steps get faster while an engine compiles them: they are repeated until they no longer do, for at most this many milliseconds. */
const WARM_UP_MS = 1000
const FASTER = 0.95

/**
 * Measures sizes and times of a model and of the stores that it will run with.
 *
 * Takes some 30 steps and as many checkpoints written and read; fast models, and those that an engine still compiles, are run for up to a
 * second. The model's functions are called as a run
 * would: they own the states that they are given, and every value is released. A store's times are those of an idle disk, with the
 * system's caches.
 *
 * @throws `INVALID_OPTION`: something is missing. `MODEL_FAILED`: the model threw.
 * @example
 * ```ts
 * import { burgers1d } from '@checkpoint-schedules/models'
 * import { chooseSchedule, measureModel } from '@checkpoint-schedules/planner'
 * import { revolve } from '@checkpoint-schedules/revolve'
 *
 * const { model, initialState, terminalAdjoint } = burgers1d()
 * const measured = await measureModel({ model, initialState, terminalAdjoint })
 * const { options } = await chooseSchedule({ steps: 500, budget: { RAM: '40kB' }, ...measured, families: [revolve] })
 * console.log(options) // { steps: 500, snapshotsInRam: 15 }
 * ```
 */
export async function measureModel<State, Tape, Adjoint>(
  options: MeasureOptions<State, Tape, Adjoint>,
): Promise<Measurement> {
  const { model, initialState, stores = {}, steps = Infinity, samples = 7, signal } = checked(options)
  const codecs: Codecs<State, Tape, Adjoint> = {
    state: model.codecs?.state ?? (treeCodec as Codec<any>),
    tape: model.codecs?.tape ?? (treeCodec as Codec<any>),
    adjoint: model.codecs?.adjoint ?? (treeCodec as Codec<any>),
  }
  const turns = new Turns(signal)
  const sizes = { state: codecs.state.byteLength(initialState), tape: 0, adjoint: 0 }
  const fresh = () => independentCopy(codecs.state, initialState)
  const probe = new ModelProbe(model, codecs, await fresh())
  const times: Record<string, number[]> = { forwardStep: [], tapedStep: [], adjointStep: [], copy: [] }
  const sample = async (count: number) => {
    if (probe.n + 2 * count > steps) await probe.restart(await fresh())
    const forward = await probe.step(count)
    await turns.next()
    const reversed = await probe.reverse(count, () => adjointAt(options, codecs, probe))
    sizes.tape = Math.max(sizes.tape, reversed.tapeBytes)
    sizes.adjoint = Math.max(sizes.adjoint, reversed.adjointBytes)
    const copy = await timed(1, async () => {
      const copied = await probe.copyOfState() // not an argument of what may be absent: it would not be evaluated
      await codecs.state.dispose?.(copied)
    })
    await turns.next()
    return { forwardStep: forward, tapedStep: reversed.taped, adjointStep: reversed.adjoint, copy }
  }
  try {
    // The first steps are slow, and say how many are worth a sample.
    let count = 1
    const most = Math.min(MOST_STEPS, Math.max(1, Math.floor(steps / 2)))
    while ((await sample(count)).forwardStep * count < LEAST_MS && count < most)
      count = Math.min(2 * count, most)
    const start = performance.now()
    let least = Infinity
    for (let inVain = 0; inVain < 3 && performance.now() - start < WARM_UP_MS; inVain += 1) {
      const { forwardStep, tapedStep, adjointStep } = await sample(count)
      const total = forwardStep + tapedStep + adjointStep
      if (total < FASTER * least) inVain = -1
      least = Math.min(least, total)
    }
    for (let i = 0; i < samples; i++)
      for (const [name, time] of Object.entries(await sample(count))) times[name]!.push(time)
    for (const [storage, store] of Object.entries(stores)) {
      const make = async (kind: 'restart' | 'dependency') => {
        await turns.next()
        if (probe.n + 1 > steps) await probe.restart(await fresh())
        return kind === 'restart' ? probe.copyOfState() : probe.tape()
      }
      const { state, tape } = codecs as unknown as Record<'state' | 'tape', Codec<unknown>>
      const { restart, dependency } = await measureStore({
        storage,
        store,
        codecs: { restart: state, dependency: tape },
        values: probe.values,
        make,
        samples,
        signal,
      })
      Object.assign(times, {
        [`write ${storage}`]: restart.write,
        [`read ${storage}`]: restart.read,
        [`writeTape ${storage}`]: dependency.write,
        [`readTape ${storage}`]: dependency.read,
      })
    }
  } catch (error) {
    const isGuess = options.terminalAdjoint === undefined && isCheckpointScheduleError(error)
    if (!isGuess || error.details['phase'] !== 'adjoint') throw error
    throw optionError(
      'measureModel',
      `terminalAdjoint is missing, and the model does not take a copy of the state for an adjoint (${error.message}). Pass one, as to runAdjoint.`,
    )
  } finally {
    await probe.values.releaseAll()
  }
  const spread = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, spreadOf(all)]))
  const median = (name: string) => spread[name]!.median
  const perStorage = (name: string) =>
    Object.fromEntries(Object.keys(stores).map((storage) => [storage, median(`${name} ${storage}`)]))
  return {
    sizes,
    costs: {
      forwardStep: median('forwardStep'),
      tapedStep: median('tapedStep'),
      adjointStep: median('adjointStep'),
      copy: spread['copy']!.least,
      write: perStorage('write'),
      read: perStorage('read'),
      writeTape: perStorage('writeTape'),
      readTape: perStorage('readTape'),
    },
    spread,
  }
}

function checked<State, Tape, Adjoint>(
  options: MeasureOptions<State, Tape, Adjoint>,
): MeasureOptions<State, Tape, Adjoint> {
  if (
    typeof options !== 'object' ||
    options === null ||
    options.model === undefined ||
    options.initialState === undefined
  )
    throw optionError(
      'measureModel',
      `pass the model and its initialState: { model, initialState }; got ${show(options)}.`,
    )
  const { model, terminalAdjoint, steps, samples } = options
  const missing = (['step', 'tape', 'adjoint'] as const).find((name) => typeof model?.[name] !== 'function')
  if (missing !== undefined)
    throw optionError(
      'measureModel',
      `the model must have the functions step, tape and adjoint; ${missing} is missing.`,
    )
  for (const [name, value] of Object.entries({ steps, samples }))
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 1))
      throw optionError('measureModel', `${name} must be an integer >= 1; got ${show(value)}.`)
  if (terminalAdjoint === undefined && model.codecs?.adjoint !== (model.codecs?.state as unknown))
    throw optionError(
      'measureModel',
      'terminalAdjoint is missing, and the codec of adjoints is not that of states. Pass one, as to runAdjoint.',
    )
  return options
}

/** The adjoint at the end, a value of our own. */
async function adjointAt<State, Tape, Adjoint>(
  { terminalAdjoint }: MeasureOptions<State, Tape, Adjoint>,
  codecs: Codecs<State, Tape, Adjoint>,
  probe: ModelProbe<State, Tape, Adjoint>,
): Promise<Adjoint> {
  if (terminalAdjoint === undefined) return (await probe.copyOfState()) as unknown as Adjoint
  if (typeof terminalAdjoint !== 'function') return independentCopy(codecs.adjoint, terminalAdjoint)
  const make = terminalAdjoint as (finalState: State, k: number, steps: number) => Awaitable<Adjoint>
  const shown = probe.values.keep(await probe.copyOfState(), codecs.state)
  try {
    const made = await make(shown, 0, probe.n)
    // With `dispose` the value is ours already.
    return codecs.adjoint.dispose === undefined ? await independentCopy(codecs.adjoint, made) : made
  } catch (error) {
    if (isCheckpointScheduleError(error)) throw error
    throw new CheckpointScheduleError(
      'MODEL_FAILED',
      `measureModel: terminalAdjoint failed: ${messageOf(error)}`,
      {
        cause: error,
      },
    )
  } finally {
    await probe.values.release(shown, codecs.state)
  }
}
