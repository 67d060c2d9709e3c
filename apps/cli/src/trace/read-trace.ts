/** Actions from a file in any dialect: canonical text, JSON lines, or as the Python package prints them. */
import { type Action, CheckpointScheduleError, parseActions } from '@checkpoint-schedules/core'
import { fileError } from '../files/file-error.js'
import { linesOf } from './lines.js'

/** The actions of a file, one by one. `-` is stdin. @throws `INVALID_FILE` naming file, line and column */
export function* readTrace(path: string): Generator<Action, void, undefined> {
  const name = path === '-' ? 'stdin' : path
  let current = ''
  let isEmpty = true
  function* remembered() {
    for (const line of linesOf(path)) yield (current = line)
  }
  try {
    for (const action of parseActions(remembered())) {
      isEmpty = false
      yield action
    }
  } catch (error) {
    if (!(error instanceof CheckpointScheduleError) || error.code !== 'INVALID_ACTION') throw error
    const { line, received } = error.details as { line: number; received?: string }
    const what = error.message.replace(/^line \d+: /, '')
    const why = what.slice(what.indexOf('; ', `not an action: ${received}`.length))
    const column = columnOf(current, why, innermost(error)) + 1
    throw fileError(name, `line ${line}, column ${column}: ${what.replace(/\.$/, '')}`)
  }
  if (isEmpty)
    throw fileError(name, 'has no actions; expected one per line, such as Forward(0, 2, true, false, RAM)')
}

/** The column of the fault, according to the message: at a position, a JSON field, or a quoted word; otherwise the start of the line. */
function columnOf(line: string, why: string, cause: unknown): number {
  const start = line.length - line.trimStart().length
  const position = cause instanceof SyntaxError ? /at position (\d+)/.exec(cause.message)?.[1] : undefined
  if (position !== undefined) return start + Number(position)
  const field = /^; (\w+) of \w+ does not fit/.exec(why)?.[1]
  const word = /"(?:[^"\\]|\\.)*"/.exec(why)?.[0]
  const places = [
    ...(field === undefined ? [] : [line.indexOf(JSON.stringify(field))]),
    ...(word === undefined ? [] : [placeOf(line, JSON.parse(word) as string)]),
  ]
  return places.find((place) => place >= 0) ?? start
}

function placeOf(line: string, word: string): number {
  const text = word.replace(/…$/, '').replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return text === '' ? -1 : line.search(new RegExp(`(?<!\\w)${text}`))
}

function innermost(error: Error): unknown {
  return error.cause instanceof Error ? innermost(error.cause) : error
}
