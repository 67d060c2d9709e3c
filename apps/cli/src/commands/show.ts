/** `show SCHEDULE`: a page about it. */
import { loadSchedules, scheduleNamed } from '../discovery/load.js'
import { newCommand, parseArguments } from '../flags/parse-arguments.js'
import { pageOf } from '../schedules/page.js'
import { writeLines } from '../terminal/output.js'
import { usageError } from '../terminal/usage-error.js'

const description =
  'Shows what a schedule minimises, when to use it, its options, and where it was published.'

const examples = `
Examples:
  $ checkpoint-schedules show h-revolve
  $ checkpoint-schedules list`

export async function show(args: readonly string[]): Promise<void> {
  const { name, factory } = await oneSchedule('show', description, examples, args)
  await writeLines(pageOf(name, factory))
}

/** The schedule that is the only argument of a command without flags. */
export async function oneSchedule(what: string, about: string, help: string, args: readonly string[]) {
  const command = newCommand(what, about).usage('SCHEDULE').addHelpText('after', help)
  const [name, extra] = parseArguments(command, what, args)
  const schedules = await loadSchedules()
  if (name === undefined)
    throw usageError(`${what} needs a schedule. Accepted: ${[...schedules.entries.keys()].join(', ')}.`)
  if (extra !== undefined) throw usageError(`${what} takes one schedule; also got ${JSON.stringify(extra)}.`)
  return { name, factory: await scheduleNamed(name, schedules) }
}
