/** Actions from a file, in whichever dialect: canonical text, JSON lines, or as the Python package prints them. */
import { type Action, CheckpointScheduleError, parseActions } from '@checkpoint-schedules/core'
import { fileError } from '../files/file-error.js'
import { linesOf } from './lines.js'

/** The actions of a file, one by one. `-` is stdin. @throws `INVALID_FILE` naming file, line and column */
export function* readTrace(path: string): Generator<Action, void, undefined> {
  let current = ''
  function* remembered() {
    for (const line of linesOf(path)) yield (current = line)
  }
  try {
    yield* parseActions(remembered())
  } catch (error) {
    if (!(error instanceof CheckpointScheduleError) || error.code !== 'INVALID_ACTION') throw error
    const { line } = error.details as { line: number }
    const column = current.length - current.trimStart().length + 1
    const why = error.message.replace(/^line \d+: /, '')
    throw fileError(path === '-' ? 'stdin' : path, `line ${line}, column ${column}: ${why}`)
  }
}
