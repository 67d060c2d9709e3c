/** Texts of actions: every dialect that is written or read, in one place. */
import { type Action, UNBOUNDED } from './actions.js'
import { CheckpointScheduleError, optionError, show } from './errors.js'
import { isCheckpointStorage, isCheckpointStorageName, type Storage } from './storage-type.js'

/**
 * `canonical`: `Forward(0, 2, true, false, RAM)`. `json`: one object. `python`: as the newest Python package prints it,
 * `Forward(0, 2, True, False, StorageType.RAM)`, with every working storage as `StorageType.WORK`. `notebook`: as an older
 * one printed it, `<StorageType.RAM: 0>`.
 */
export type Dialect = 'canonical' | 'json' | 'python' | 'notebook'

interface Words {
  readonly boolean: (value: boolean) => string
  readonly storage: (name: Storage) => string
  readonly unbounded: string
  readonly endReverse?: string
}

const numbers: Record<string, string> = {
  RAM: '0',
  DISK: '1',
  FWD_RESTART: '2',
  ADJ_DEPS: '3',
  WORKING_MEMORY: '4',
  NONE: 'None',
}
const inPython = (name: string) => (isCheckpointStorage(name) || name === 'NONE' ? name : 'WORK')
const capitalised = (value: boolean) => (value ? 'True' : 'False')

const words: Record<Exclude<Dialect, 'json'>, Words> = {
  canonical: {
    boolean: String,
    storage: (name) => name,
    unbounded: String(UNBOUNDED),
  },
  python: {
    boolean: capitalised,
    storage: (name) => `StorageType.${inPython(name)}`,
    unbounded: 'sys.maxsize',
  },
  notebook: {
    boolean: capitalised,
    storage: (name) => `<StorageType.${name}: ${numbers[name] ?? `'${name}'`}>`,
    unbounded: '9223372036854775807',
    endReverse: 'End Reverse',
  },
}

/**
 * An action as one line of text.
 *
 * @throws `INVALID_OPTION`: there is no such dialect.
 * @example
 * ```ts
 * import { formatAction, store } from '@checkpoint-schedules/core'
 *
 * formatAction(store(0, 2, 'RAM')) // 'Forward(0, 2, true, false, RAM)'
 * formatAction(store(0, 2, 'RAM'), { dialect: 'python' }) // 'Forward(0, 2, True, False, StorageType.RAM)'
 * ```
 */
export function formatAction(action: Action, options: { readonly dialect?: Dialect } = {}): string {
  const dialect = (options as typeof options | null)?.dialect ?? 'canonical'
  if (dialect === 'json') return JSON.stringify(action)
  if (!Object.hasOwn(words, dialect))
    throw optionError(
      'formatAction',
      `dialect must be one of json, ${Object.keys(words).join(', ')}; got ${show(dialect)}.`,
    )
  const { boolean, storage, unbounded, endReverse = 'EndReverse()' } = words[dialect]
  switch (action.type) {
    case 'Forward': {
      const n1 = action.n1 >= UNBOUNDED ? unbounded : action.n1
      return `Forward(${action.n0}, ${n1}, ${boolean(action.writeIcs)}, ${boolean(action.writeAdjDeps)}, ${storage(action.storage)})`
    }
    case 'Reverse':
      return `Reverse(${action.n1}, ${action.n0}, ${boolean(action.clearAdjDeps)})`
    case 'Copy':
    case 'Move':
      return `${action.type}(${action.n}, ${storage(action.from)}, ${storage(action.to)})`
    case 'Discard':
      return `Discard(${action.n}, ${storage(action.storage)})`
    case 'EndForward':
      return 'EndForward()'
    case 'EndReverse':
      return endReverse
  }
}

/** What a stored checkpoint holds. */
export type CheckpointKind = 'restart' | 'dependency'

/** Settings of `parseAction`. */
export interface ParseSettings {
  /** What the checkpoint of step `n` holds: the Python dialect does not say. By default restart data. */
  readonly kindOf?: (n: number, from: string) => CheckpointKind | undefined
}

const MOST_CHARACTERS = 1000

/**
 * The action that a line of text stands for; the dialect is recognised.
 *
 * @throws `INVALID_ACTION`: the line is not an action.
 * @example
 * ```ts
 * import { parseAction } from '@checkpoint-schedules/core'
 *
 * parseAction('Move(3, StorageType.DISK, StorageType.WORK)')
 * // { type: 'Move', n: 3, from: 'DISK', to: 'FWD_RESTART' }
 * ```
 */
export function parseAction(line: string, settings: ParseSettings = {}): Action {
  if (typeof line !== 'string' || line.length > MOST_CHARACTERS) {
    throw invalid(line, `an action is a text of at most ${MOST_CHARACTERS} characters`)
  }
  const text = line.trim()
  if (text.startsWith('{')) return actionFromJson(text)
  if (text === 'End Reverse') return { type: 'EndReverse' }
  const call = /^([A-Z][A-Za-z]*)\(([^()]*)\)$/.exec(text)
  if (call === null) throw invalid(line, 'expected a line such as Forward(0, 2, true, false, RAM)')
  const [, type = '', inner = ''] = call
  const args = inner.trim() === '' ? [] : inner.split(',').map((arg) => arg.trim())
  return checked(line, fields(line, type, args, settings))
}

function actionFromJson(text: string): Action {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw invalid(text, 'the line starts like JSON but is not JSON', cause)
  }
  return checkAction(value)
}

function fields(line: string, type: string, args: string[], { kindOf }: ParseSettings): object {
  if (!isActionType(type)) throw invalid(line, `there is no action ${show(type)}`)
  const shape = Object.entries(shapes[type])
  if (args.length !== shape.length) {
    throw invalid(line, `${type} takes ${shape.length} arguments; got ${args.length}`)
  }
  const action: Record<string, unknown> = { type }
  for (const [i, [name, kind]] of shape.entries()) action[name] = (readers[kind] ?? storageIn)(args[i]!, line)
  const { n, from, n0, n1, writeIcs, writeAdjDeps } = action
  // The Python dialect has one name for all of working storage.
  if (action['to'] === 'WORK') {
    const kind = kindOf?.(n as number, from as string)
    action['to'] = kind === 'dependency' ? 'ADJ_DEPS' : 'FWD_RESTART'
  }
  if (type === 'Forward' && action['storage'] === 'WORK') {
    const isTape = !writeIcs && n1 === Number(n0) + 1
    action['storage'] = writeAdjDeps ? (isTape ? 'ADJ_DEPS' : 'WORKING_MEMORY') : 'FWD_RESTART'
  }
  return action
}

const readers: Partial<Record<FieldKind, (text: string, line: string) => unknown>> = {
  step: parseInteger,
  boolean: parseBoolean,
}

function storageIn(text: string): string {
  return /^<?(?:StorageType\.)?([A-Z][A-Z0-9_]*)(?:: ?[^>]*>)?$/.exec(text)?.[1] ?? text
}

function parseInteger(text: string, line: string): number {
  if (text === 'sys.maxsize' || text === '9223372036854775807') return UNBOUNDED
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) throw invalid(line, `${show(text)} is not a step number`)
  return value
}

function parseBoolean(text: string, line: string): boolean {
  if (text === 'true' || text === 'True') return true
  if (text === 'false' || text === 'False') return false
  throw invalid(line, `${show(text)} is not true or false`)
}

type FieldKind = 'step' | 'boolean' | 'storage' | 'checkpointStorage' | 'to'

// The fields of each action, in the order of its text.
const shapes: Record<Action['type'], Record<string, FieldKind>> = {
  Forward: { n0: 'step', n1: 'step', writeIcs: 'boolean', writeAdjDeps: 'boolean', storage: 'storage' },
  Reverse: { n1: 'step', n0: 'step', clearAdjDeps: 'boolean' },
  Copy: { n: 'step', from: 'checkpointStorage', to: 'to' },
  Move: { n: 'step', from: 'checkpointStorage', to: 'to' },
  Discard: { n: 'step', storage: 'checkpointStorage' },
  EndForward: {},
  EndReverse: {},
}

function isActionType(type: unknown): type is Action['type'] {
  return typeof type === 'string' && Object.hasOwn(shapes, type)
}

const isOf: Record<FieldKind, (value: unknown) => boolean> = {
  step: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  boolean: (value) => typeof value === 'boolean',
  storage: (value) =>
    isCheckpointStorageName(value) || (typeof value === 'string' && Object.hasOwn(numbers, value)),
  checkpointStorage: isCheckpointStorageName,
  to: (value) => value === 'FWD_RESTART' || value === 'ADJ_DEPS',
}

/**
 * A new action made from an untrusted value, with exactly the fields of an action.
 *
 * @throws `INVALID_ACTION`: a field is missing, unknown, or of the wrong type.
 * @example
 * ```ts
 * import { checkAction } from '@checkpoint-schedules/core'
 *
 * checkAction({ type: 'EndForward' }) // { type: 'EndForward' }
 * ```
 */
export function checkAction(value: unknown): Action {
  return checked(value, value)
}

function checked(source: unknown, value: unknown): Action {
  if (typeof value !== 'object' || value === null) throw invalid(source, 'an action is an object')
  const given = value as Record<string, unknown>
  const type = Object.hasOwn(given, 'type') ? given['type'] : undefined
  if (!isActionType(type)) {
    throw invalid(source, `type must be one of ${Object.keys(shapes).join(', ')}; got ${show(type)}`)
  }
  const shape = shapes[type]
  const action: Record<string, unknown> & { type: string } = { type }
  for (const [name, kind] of Object.entries(shape)) {
    const field = Object.hasOwn(given, name) ? given[name] : undefined
    if (!isOf[kind](field)) throw invalid(source, `${name} of ${type} does not fit; got ${show(field)}`)
    action[name] = field
  }
  const unknown = Object.keys(given).find((name) => name !== 'type' && !Object.hasOwn(shape, name))
  if (unknown !== undefined) throw invalid(source, `${type} has no field ${show(unknown)}`)
  return action as Action
}

/**
 * Parses lines one by one; remembers what it needs to distinguish restart from dependency data if the dialect does not say.
 * Blank lines are skipped. Memory: O(checkpoints held).
 *
 * @throws `INVALID_ACTION` with the line's number in `details.line`.
 * @example
 * ```ts
 * import { parseActions } from '@checkpoint-schedules/core'
 *
 * Array.from(parseActions(['EndForward()', 'EndReverse()'])) // [ { type: 'EndForward' }, { type: 'EndReverse' } ]
 * ```
 */
export function* parseActions(lines: Iterable<string>): Generator<Action, void, undefined> {
  const dependency = new Set<string>()
  const kindOf = (n: number, from: string) => (dependency.has(`${from}:${n}`) ? 'dependency' : 'restart')
  let number = 0
  for (const line of lines) {
    number += 1
    if (line.trim() === '') continue
    let action: Action
    try {
      action = parseAction(line, { kindOf })
    } catch (cause) {
      if (!(cause instanceof CheckpointScheduleError)) throw cause
      throw new CheckpointScheduleError('INVALID_ACTION', `line ${number}: ${cause.message}`, {
        details: { ...cause.details, line: number },
        cause,
      })
    }
    // What is in working storage is never loaded: remembering it would take as much memory as there are steps.
    if (action.type === 'Forward' && action.writeAdjDeps && isCheckpointStorage(action.storage)) {
      dependency.add(`${action.storage}:${action.n0}`)
    }
    if (action.type === 'Move') dependency.delete(`${action.from}:${action.n}`)
    if (action.type === 'Discard') dependency.delete(`${action.storage}:${action.n}`)
    yield action
  }
}

function invalid(source: unknown, why: string, cause?: unknown): CheckpointScheduleError {
  const received = show(source)
  return new CheckpointScheduleError('INVALID_ACTION', `not an action: ${received}; ${why}.`, {
    details: { received },
    ...(cause === undefined ? {} : { cause }),
  })
}
