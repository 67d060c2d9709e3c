/** The root of the command line: the list of commands. Each is loaded only when it is used, so help is fast. */
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import { Command, CommanderError } from 'commander'
import { INTERRUPTED, OK, reportFailure } from './terminal/exit.js'
import { guardTerminal } from './terminal/guard.js'
import { endOnClosedOutput } from './terminal/output.js'
import { helpOutput } from './terminal/help-output.js'
import { unknownName, usageError } from './terminal/usage-error.js'
import { version } from './version.js'

/** What a command does with the arguments after its name. */
type CommandRunner = (args: readonly string[]) => Promise<void>

interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<CommandRunner>
}

const commands: readonly CommandEntry[] = [
  {
    name: 'list',
    summary: 'list all schedules',
    load: async () => (await import('./commands/list.js')).list,
  },
  {
    name: 'show',
    summary: 'show what a schedule minimises, when to use it, and its options',
    load: async () => (await import('./commands/show.js')).show,
  },
  {
    name: 'compare',
    summary: 'compare the schedules that fit into your memory and disk',
    load: async () => (await import('./commands/compare.js')).compare,
  },
  {
    name: 'diagram',
    summary: 'draw a schedule, one line for each action',
    load: async () => (await import('./commands/diagram.js')).diagram,
  },
  {
    name: 'plot',
    summary: 'draw a schedule as a picture, or as an interactive page',
    load: async () => (await import('./commands/plot.js')).plot,
  },
  {
    name: 'actions',
    summary: "print a schedule's actions, one per line",
    load: async () => (await import('./commands/actions.js')).actions,
  },
  {
    name: 'simulate',
    summary: 'replay actions from a file: count them, or name the law that they break',
    load: async () => (await import('./commands/simulate.js')).simulate,
  },
  {
    name: 'verify',
    summary: 'check actions from a file against the laws',
    load: async () => (await import('./commands/simulate.js')).verify,
  },
  {
    name: 'run',
    summary: 'compute the gradient of a model under a schedule',
    load: async () => (await import('./commands/run.js')).run,
  },
  {
    name: 'gradient',
    summary: 'compute the gradients of parts of a sum, in batch jobs or with a process on each core',
    load: async () => (await import('./commands/gradient.js')).gradient,
  },
  {
    name: 'reduce',
    summary: 'add the parts that gradient computed',
    load: async () => (await import('./commands/reduce.js')).reduce,
  },
  {
    name: 'jobs',
    summary: 'compute the parts of a sum by workers on a queue',
    load: async () => (await import('./commands/jobs.js')).jobs,
  },
  {
    name: 'journal',
    summary: 'show how far a run with a journal got, and what is left to do',
    load: async () => (await import('./commands/journal.js')).journal,
  },
  {
    name: 'clean',
    summary: 'remove what a killed run left in its directory',
    load: async () => (await import('./commands/clean.js')).clean,
  },
  {
    name: 'cite',
    summary: "print BibTeX entries for a schedule's papers",
    load: async () => (await import('./commands/cite.js')).cite,
  },
  {
    name: 'completion',
    summary: 'print the script that completes arguments in your shell',
    load: async () => (await import('./commands/completion.js')).completionOf(commands),
  },
]

const names = commands.map(({ name }) => name)

const examples = `
Examples:
  $ checkpoint-schedules compare --steps 1000 --ram 10 --disk 50
  $ checkpoint-schedules diagram multistage --steps 10 --ram 3
  $ checkpoint-schedules plot revolve --steps 10 --ram 3 --html revolve.html
  $ checkpoint-schedules actions two-level --steps 1000 --period 50 --binomial-snapshots 5 | head
  $ checkpoint-schedules run --model wave2d --schedule revolve --ram 8MB --image gradient.png

Each command has its own help, and so does each schedule:
  $ checkpoint-schedules run --help
  $ checkpoint-schedules diagram two-level --help

Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.`

/**
 * Runs the command named in `args` and sets `process.exitCode`. Throws only if a module of the command line cannot be loaded.
 *
 * @param args - As typed, without node and the script.
 */
export async function main(args: readonly string[]): Promise<void> {
  guardTerminal()
  endOnClosedOutput()
  tellStrayErrors()
  // `help run` is `run --help`.
  const typed = args[0] === 'help' ? [...args.slice(1), '--help'] : [...args]
  try {
    // Checked before its --help is mistaken for the root's.
    const [name = '-'] = typed
    if (!name.startsWith('-') && !names.includes(name)) throw usageError(unknownName('command', name, names))
    await program().parseAsync(typed, { from: 'user' })
    process.exitCode ??= OK
  } catch (error) {
    process.exitCode = reportFailure(translate(error, typed))
    // Interrupted work or the model may still wait, for example for an unresponsive file system; it must not keep the process alive.
    const isStuck = isCheckpointScheduleError(error) && error.code === 'MODEL_STUCK'
    if (isStuck || process.exitCode === INTERRUPTED) process.exit()
  }
}

/** Reports errors outside a command, such as an unhandled rejection in a model, in one sentence; clean-up at exit still runs. */
function tellStrayErrors(): void {
  process.on('uncaughtException', (error) => process.exit(reportFailure(error)))
}

function program(): Command {
  const root = new Command('checkpoint-schedules')
    .description('Checkpoint schedules for adjoint calculations: inspect them, and run models under them.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .addHelpText('after', examples)
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .enablePositionalOptions()
    .configureOutput(helpOutput)
    .exitOverride()
  for (const { name, summary, load } of commands) {
    // Which flags there are depends on the schedule, so each command parses its own arguments.
    root
      .command(name)
      .summary(summary)
      .argument('[args...]')
      .helpOption(false)
      .allowUnknownOption()
      .passThroughOptions()
      .action(async (args: string[]) => (await load())(args))
  }
  return root
}

function translate(error: unknown, [typed = '']: readonly string[]): unknown {
  if (!(error instanceof CommanderError) || error.exitCode === 0) return error
  if (error.code === 'commander.help')
    return usageError(`a command is missing; it is one of ${names.join(', ')}.`)
  if (error.code === 'commander.unknownOption') {
    return usageError(unknownName('flag', typed, ['--help', '--version']))
  }
  return usageError(error.message)
}
