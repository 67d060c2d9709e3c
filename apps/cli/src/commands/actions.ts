/** `actions SCHEDULE`: a schedule's actions, one per line, as fast as the reader takes them. */
import { type Action, type Dialect, formatAction } from '@checkpoint-schedules/core'
import { Option } from 'commander'
import { writeLines } from '../terminal/output.js'
import { unknownName, usageError } from '../terminal/usage-error.js'
import { parseScheduleArguments, type ScheduleCommand } from './schedule-arguments.js'

const formats = ['canonical', 'json', 'python'] as const satisfies readonly Dialect[]

const command: ScheduleCommand = {
  name: 'actions',
  description:
    "Prints a schedule's actions, one per line. The output streams: memory use does not grow with their number.",
  options: [
    new Option(
      `--format <${formats.join('|')}>`,
      'canonical text, JSON lines, or as the Python package prints them (default canonical)',
    ),
  ],
  examples: `
Examples:
  $ checkpoint-schedules actions multistage --steps 4 --ram 2
  $ checkpoint-schedules actions single-disk --move-data --steps 3 --format json
  $ checkpoint-schedules actions multistage --steps 1e5 --ram 100 | sha256sum`,
}

export async function actions(args: readonly string[]): Promise<void> {
  const { settings, start } = await parseScheduleArguments<{ format?: string }>(command, args)
  const format = settings.format ?? 'canonical'
  const dialect = formats.find((name) => name === format)
  if (dialect === undefined) throw usageError(unknownName('format', format, formats))
  await writeLines(linesOf(start(), dialect))
}

function* linesOf(run: Iterable<Action>, dialect: Dialect): Generator<string> {
  for (const action of run) yield formatAction(action, { dialect })
}
