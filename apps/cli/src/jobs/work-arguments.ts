/** The arguments of `jobs work`. */
import type { QueueOptions } from '@checkpoint-schedules/jobs'
import { Option } from 'commander'
import { durationForms, parseDuration } from '../flags/durations.js'
import { isNumber } from '../flags/parse-value.js'
import { parseWorkers } from '../parts/arguments.js'
import type { GradientWork } from '../parts/gradient-of-part.js'
import { secondsBetweenSaves } from '../run/journal-every.js'
import { type ModelArguments, parseModelArguments } from '../run/model-arguments.js'
import { checkScheduleFlags, loadInputs } from '../run/prepare.js'
import { usageError } from '../terminal/usage-error.js'
import { queueIn, queueOptions } from './queue-flags.js'

interface Settings {
  readonly workers?: string
  readonly untilEmpty?: boolean
  readonly journalDir?: string
  readonly journalEvery?: string
  readonly takeOver?: boolean
  readonly checkpointDir?: string
  readonly lostAfter?: string
  readonly progress: boolean
}

export interface WorkArguments extends ModelArguments {
  readonly queue: QueueOptions
  readonly workers: number
  readonly untilEmpty: boolean
  /** Where parts under way are saved. */
  readonly journalDir: string | undefined
  readonly everySeconds: number
  readonly takeOver: boolean
  readonly checkpointDir: string | undefined
  readonly lostAfterSeconds: number
  readonly isProgressShown: boolean
}

const description = `Computes parts from a queue, with a process on each core, until Ctrl-C. Workers may come and go at any time and on any machine.
It takes only runs of the same model, options, input files and version, and leaves others to their own workers.`

const examples = `
Examples:
  $ checkpoint-schedules jobs work --model wave2d --shots 4 --schedule multistage --ram 10 --queue survey
  $ checkpoint-schedules jobs work --model wave2d --shots 4 --schedule multistage --ram 10 --queue survey --until-empty

Ctrl-C, or SIGTERM, gives the parts under way back to the queue. The part of a process that died, or of a machine that was lost, is
taken by another worker after the time of --lost-after; with --journal-dir on a shared file system it resumes from its last save.`

const own = [
  new Option('--workers <auto|n>', 'processes at a time (default auto: one for each core)'),
  new Option('--until-empty', 'end when no part is waiting or under way'),
  new Option(
    '--journal-dir <directory>',
    'where parts under way are saved, shared by all workers (default: nowhere)',
  ),
  new Option(
    '--journal-every <time>',
    'with --journal-dir: time between saves: 5min, or seconds (default 30)',
  ),
  new Option('--take-over', 'with --journal-dir: do not wait for a process on another host that may be dead'),
  new Option(
    '--checkpoint-dir <directory>',
    'where checkpoints on disk go (default: the journal, or a temporary one)',
  ),
  new Option(
    '--lost-after <time>',
    'a worker that was not heard of for so long has lost its part: longer than a step of the model takes (default 10s)',
  ),
  new Option('--no-progress', 'do not tell of parts that are done'),
]

export async function parseWorkArguments(args: readonly string[]): Promise<WorkArguments> {
  const { settings, ...model } = await parseModelArguments(args, {
    name: 'jobs work',
    description,
    usage: '--model MODEL --schedule SCHEDULE --queue NAME [flags]',
    options: [...queueOptions, ...own],
    examples,
  })
  const {
    workers,
    untilEmpty = false,
    journalDir,
    journalEvery,
    takeOver = false,
    ...rest
  } = settings as Settings
  for (const [flag, value] of Object.entries({
    'journal-every': journalEvery,
    'take-over': takeOver || undefined,
  }))
    if (value !== undefined && journalDir === undefined)
      throw usageError(`--${flag} is for --journal-dir DIRECTORY, which is missing.`)
  return {
    ...model,
    queue: await queueIn('jobs work', settings),
    workers: parseWorkers('jobs work', workers),
    untilEmpty,
    journalDir,
    everySeconds: secondsBetweenSaves(journalEvery),
    takeOver,
    checkpointDir: rest.checkpointDir,
    lostAfterSeconds: lostAfter(rest.lostAfter),
    isProgressShown: rest.progress,
  }
}

/** Loads and checks all that parts have in common. */
export async function openQueueWork(args: WorkArguments): Promise<GradientWork> {
  const { everySeconds, takeOver, checkpointDir } = args
  checkScheduleFlags(args.schedule)
  return { args, inputs: await loadInputs(args), everySeconds, takeOver, checkpointDir }
}

function lostAfter(text = '10'): number {
  const seconds = isNumber(text) ? Number(text) : parseDuration(text)
  if (seconds !== undefined && seconds >= 1 && seconds <= 604_800) return seconds
  throw usageError(
    `--lost-after must be a number of seconds >= 1 or ${durationForms}, at most a week; got ${JSON.stringify(text)}.`,
  )
}
