/** `jobs`: parts of a sum on a queue in Redis. Each of its commands is loaded only when it is used. */
import { newCommand, parseArguments } from '../flags/parse-arguments.js'
import { unknownName, usageError } from '../terminal/usage-error.js'

type CommandRunner = (args: readonly string[]) => Promise<void>

const commands: Readonly<Record<string, { summary: string; load: () => Promise<CommandRunner> }>> = {
  submit: {
    summary: 'put the parts of a sum into a queue',
    load: async () => (await import('../jobs/submit.js')).submit,
  },
  work: {
    summary: 'compute parts from a queue, with a process on each core',
    load: async () => (await import('../jobs/work.js')).work,
  },
  status: {
    summary: 'show how far the runs on a queue are, and what failed',
    load: async () => (await import('../jobs/status.js')).status,
  },
  collect: {
    summary: 'write the parts that are done to a directory, for reduce',
    load: async () => (await import('../jobs/collect.js')).collect,
  },
  remove: {
    summary: 'forget a run and its results',
    load: async () => (await import('../jobs/remove.js')).remove,
  },
}
const names = Object.keys(commands)

const description = `Computes the parts of a sum by workers that come and go, on any machines that reach a Redis or Valkey server.
Needs the package @checkpoint-schedules/jobs.`

const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}\n`)
const help = `
Commands:
${lines.join('')}
Examples:
  $ checkpoint-schedules jobs submit --model wave2d --shots 4 --schedule multistage --ram 10 --queue survey
  $ checkpoint-schedules jobs work --model wave2d --shots 4 --schedule multistage --ram 10 --queue survey --until-empty
  $ checkpoint-schedules jobs collect --queue survey --out survey
  $ checkpoint-schedules reduce survey

Each has its own help: checkpoint-schedules jobs work --help`

export async function jobs(args: readonly string[]): Promise<void> {
  const [name = '', ...rest] = args
  const known = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (known !== undefined) return (await known.load())(rest)
  const command = newCommand('jobs', description)
    .usage(`${names.join('|')} [flags]`)
    .addHelpText('after', help)
  const [wrong] = parseArguments(command, 'jobs', args)
  if (wrong === undefined) throw usageError(`jobs needs a command: ${names.join(', ')}.`)
  throw usageError(unknownName('command of jobs', wrong, names))
}
