/** What `runAdjoint` refuses before any work starts. */
import { isSchedule, nearestName, optionError, show } from '@checkpoint-schedules/core'
import type { RunAdjointOptions } from './run-options.js'

/** Looks at everything that `runAdjoint` is given before any work starts. */
export function checkRun<State, Tape, Adjoint>(options: RunAdjointOptions<State, Tape, Adjoint>): void {
  checkNames(options)
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
  checkFunctions(options)
  schedule.start({ steps, adjoints }) // refuses what does not fit
  checkEnd(options)
  if (options.journal !== undefined && typeof options.journal?.open !== 'function')
    throw optionError(
      'runAdjoint',
      'journal must be a journal, such as fileJournal(directory) of storage-fs.',
    )
}

const names: Readonly<Record<keyof RunAdjointOptions<unknown, unknown, unknown>, true>> = {
  schedule: true,
  model: true,
  initialState: true,
  terminalAdjoint: true,
  steps: true,
  maxSteps: true,
  adjoints: true,
  stores: true,
  buffers: true,
  checkReplay: true,
  onProgress: true,
  journal: true,
  onEvent: true,
  signal: true,
  graceMs: true,
}

/** What would be ignored without a word: a member of the model, or a mistyped option. Anything else may come with a problem, such as its name. */
function checkNames(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || Object.hasOwn(names, name)) continue
    if (members.has(name) && typeof value !== 'number')
      throw optionError('runAdjoint', `${name} belongs to the model: pass model: { ...model, ${name} }.`)
    const near = nearestName(name, Object.keys(names))
    if (near !== undefined)
      throw optionError('runAdjoint', `there is no option ${show(name)}. Did you mean ${near}?`)
  }
}

const optionalFunctions = ['advance', 'isDone', 'observe', 'observeAdjoint', 'tangent'] as const
const members: ReadonlySet<string> = new Set([
  'step',
  'tape',
  'adjoint',
  ...optionalFunctions,
  'codecs',
  'fingerprint',
])

/** What is optional is what it should be, if it is there. */
function checkFunctions<State, Tape, Adjoint>({
  model,
  onProgress,
  onEvent,
  signal,
}: RunAdjointOptions<State, Tape, Adjoint>): void {
  const checked: [string, unknown][] = [
    ['onProgress', onProgress],
    ['onEvent', onEvent],
    ...optionalFunctions.map((name): [string, unknown] => [`model.${name}`, model[name]]),
  ]
  for (const [name, value] of checked) {
    if (value !== undefined && typeof value !== 'function')
      throw optionError('runAdjoint', `${name} must be a function, or be left out; got ${show(value)}.`)
  }
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.throwIfAborted !== 'function')
    throw optionError(
      'runAdjoint',
      `signal must be an AbortSignal, such as AbortSignal.timeout(60_000); got ${show(signal)}.`,
    )
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
        `Pass steps: ${planned} to take exactly that many without asking isDone, or a schedule that is online, such as online or singleMemory.`,
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
