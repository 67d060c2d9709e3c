/** `journal DIRECTORY`: what a journal holds, how far its run got, and what is left to do. */
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import type { JournalSummary } from '@checkpoint-schedules/storage-fs'
import { Option } from 'commander'
import { newCommand, parseArguments } from '../flags/parse-arguments.js'
import { journalIn } from '../run/journal-summary.js'
import { wayOn } from '../run/resume.js'
import { stepsLeft } from '../run/steps-left.js'
import { write, writeLines } from '../terminal/output.js'
import { alignedRows, type Row } from '../terminal/rows.js'
import { showBytes, showCount } from '../terminal/units.js'
import { usageError } from '../terminal/usage-error.js'

const description = `Shows what the journal of a run holds, how far the run got, and what is left to do.
Changes nothing, so it can be used while the run is active.`

const examples = `
Examples:
  $ checkpoint-schedules run --model wave2d --schedule h-revolve --ram 4 --disk 20 --journal my-run
  $ checkpoint-schedules journal my-run
  $ checkpoint-schedules run --resume my-run`

export async function journal(args: readonly string[]): Promise<void> {
  const command = newCommand('journal', description)
    .usage('DIRECTORY [--json]')
    .addOption(new Option('--json', 'print one JSON object'))
    .addHelpText('after', examples)
  const [directory, extra] = parseArguments(command, 'journal', args)
  if (directory === undefined)
    throw usageError('journal needs a directory: checkpoint-schedules journal DIRECTORY.')
  if (extra !== undefined) throw usageError(`journal takes one directory; also got ${JSON.stringify(extra)}.`)
  const summary = await journalIn(directory)
  const left = await stepsLeft(summary).catch((error: unknown) => {
    if (isCheckpointScheduleError(error)) return undefined // its schedule is not installed here
    throw error
  })
  if (command.opts<{ json?: boolean }>().json) {
    const { note: _note, process, last, ...rest } = summary
    const plain = { ...rest, process: process ?? null, last: last ?? null, stepsLeft: left ?? null }
    await write(`${JSON.stringify(plain, undefined, 2)}\n`)
  } else await writeLines(alignedRows(rowsOf(summary, left)))
}

function rowsOf(summary: JournalSummary, left: Awaited<ReturnType<typeof stepsLeft>>): Row[] {
  const { identity, last, bytes, process, directory, isFinished, note } = summary
  const options = Object.entries(identity.options as Record<string, unknown>)
    .filter(([, value]) => value !== null && typeof value !== 'object')
    .map(([name, value]) => `${name} ${String(value)}`)
  const rows: Row[] = [
    ['schedule', identity.schedule, options.join(', ')],
    ['model', identity.model ?? 'unnamed'],
    ['on disk', showBytes(bytes), directory],
  ]
  if (last === undefined) rows.push(['durable points', 'none yet', 'the run would start from the beginning'])
  else {
    const { position, point, checkpoints, time, results, forwardEnded } = last
    rows.push(['durable points', showCount(point), `the last one at ${time.toISOString()}`])
    const steps = position.steps ?? identity.steps
    const of = steps === null ? '' : ` of ${showCount(steps)}`
    if (forwardEnded) rows.push(['phase', 'reverse', `${showCount(position.reversed)}${of} steps reversed`])
    else rows.push(['phase', 'forward', position.at === null ? '' : `at step ${showCount(position.at)}${of}`])
    if (identity.adjoints > 1)
      rows.push(['adjoints', `${results} of ${identity.adjoints}`, 'adjoint calculations have ended'])
    for (const [storage, count] of Object.entries(checkpoints))
      rows.push([`in ${storage}`, showCount(count), 'checkpoints; those in memory are recomputed'])
  }
  if (left !== undefined) {
    const { forwardSteps, adjointSteps, recovery } = left
    const sweep =
      recovery === 0
        ? ''
        : `, plus at most ${showCount(recovery)} forward steps to recover what was in memory`
    rows.push([
      'to finish',
      `${showCount(forwardSteps)} forward steps`,
      `${showCount(adjointSteps)} adjoint steps${sweep}`,
    ])
  }
  if (process !== undefined) rows.push(['running', `process ${process}`])
  else if (isFinished) rows.push(['finished', 'there is nothing to resume'])
  else rows.push(['resume with', ...wayOn(note, directory)])
  return rows
}
