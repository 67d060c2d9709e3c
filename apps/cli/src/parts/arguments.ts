/** The arguments of `gradient`. */
import { availableParallelism } from 'node:os'
import { Option } from 'commander'
import { parseCount } from '../flags/counts.js'
import { secondsBetweenSaves } from '../run/journal-every.js'
import { type ModelArguments, parseModelArguments } from '../run/model-arguments.js'
import { usageError } from '../terminal/usage-error.js'
import { controlOption } from './control.js'

interface Settings {
  readonly part?: string
  readonly of?: string
  readonly parts?: string
  readonly workers?: string
  readonly retries?: string
  readonly out?: string
  readonly control?: string
  readonly journalEvery?: string
  readonly takeOver?: boolean
  readonly checkpointDir?: string
  readonly progress: boolean
}

/** Share `index` of `of` equal ones, counted from 0. */
export interface Share {
  readonly index: number
  /** By default as many as there are parts. */
  readonly of: number | undefined
}

export interface GradientArguments extends ModelArguments {
  readonly out: string
  /** The name of a file. */
  readonly control: string | undefined
  /** What to compute. `all`: with a pool of workers. */
  readonly wanted: Share | 'all'
  readonly workers: number
  /** How often a part whose worker died is begun again. */
  readonly retries: number
  readonly everySeconds: number
  readonly takeOver: boolean
  readonly checkpointDir: string | undefined
  readonly isProgressShown: boolean
}

const description = `Computes the gradients of the parts of a sum, such as the shots of a survey: some of them, for a batch job, or all of them with a
process on each core. What is done is kept, so the same command can be repeated after any failure. reduce adds the parts.`

const examples = `
Examples:
  $ checkpoint-schedules gradient --model wave2d --shots 4 --schedule multistage --ram 10 --part 2 --of 4 --out survey
  $ checkpoint-schedules gradient --model wave2d --shots 4 --schedule multistage --ram 10 --parts all --out survey
  $ checkpoint-schedules gradient --model burgers1d --schedule revolve --ram 5 --part 0 --out single

With --of, part 2 is the third of four equal shares of all parts: the sum does not depend on how many shares there are.
Parts count from 0, as the tasks of Slurm arrays and of Kubernetes Indexed Jobs do. --ram and --disk are for each process.
A part has a journal in the directory: after a kill it resumes. Ctrl-C ends with exit code 130; repeat the command to continue.`

const options = [
  new Option('--part <n>', 'the part to compute, from 0; with --of, the share of the parts'),
  new Option('--of <n>', 'divide the parts into this many shares (default: one for each part)'),
  new Option('--parts <all>', 'all: compute all parts, with a pool of processes').choices(['all']),
  new Option('--workers <auto|n>', 'with --parts all: processes at a time (default auto: one for each core)'),
  new Option(
    '--retries <n>',
    'with --parts all: how often a part is begun again when its process dies (default 3)',
  ),
  new Option('--out <directory>', 'where the parts go; shared by all processes (required)'),
  controlOption,
  new Option(
    '--journal-every <time>',
    'time between saves, at most lost by a kill: 5min, or seconds (default 30)',
  ),
  new Option(
    '--take-over',
    'do not wait for a process on another host that may be dead; if it is alive, it ends',
  ),
  new Option(
    '--checkpoint-dir <directory>',
    'where checkpoints on disk go (default: the journal); a disk of the machine is faster, but a part resumes only from its last save',
  ),
  new Option('--no-progress', 'show no progress'),
]

export async function parseGradientArguments(args: readonly string[]): Promise<GradientArguments> {
  const { settings, ...model } = await parseModelArguments(args, {
    name: 'gradient',
    description,
    usage: '--model MODEL --schedule SCHEDULE --part N --out DIRECTORY [flags]',
    options,
    examples,
  })
  const own = settings as Settings
  const { out, workers, retries, takeOver = false, checkpointDir, progress } = own
  if (out === undefined)
    throw usageError(
      'gradient needs a directory for the parts: pass --out DIRECTORY, the same for all parts.',
    )
  const wanted = wantedIn(own)
  for (const [flag, value] of Object.entries({ workers, retries }))
    if (value !== undefined && wanted !== 'all')
      throw usageError(`--${flag} is for --parts all; a part by its number is computed by this process.`)
  return {
    ...model,
    out,
    wanted,
    control: own.control,
    workers: parseWorkers('gradient', workers),
    retries: parseCount('gradient', '--retries', retries ?? '3', { min: 0, help: 'retries' }),
    everySeconds: secondsBetweenSaves(own.journalEvery),
    takeOver,
    checkpointDir,
    isProgressShown: progress,
  }
}

/** The value of `--workers`. @throws `INVALID_OPTION` */
export function parseWorkers(command: string, text = 'auto'): number {
  return text === 'auto'
    ? availableParallelism()
    : parseCount(command, '--workers', text, { min: 1, help: 'processes' })
}

function wantedIn({ part, of, parts }: Settings): Share | 'all' {
  if (parts !== undefined && (part !== undefined || of !== undefined))
    throw usageError('--parts all computes every part; leave --part and --of out.')
  if (parts !== undefined) return 'all'
  if (part === undefined)
    throw usageError('gradient needs to know what to compute: pass --part N, or --parts all.')
  const index = parseCount('gradient', '--part', part, { min: 0, help: 'a part' })
  if (of === undefined) return { index, of: undefined }
  const shares = parseCount('gradient', '--of', of, { min: 1, help: 'shares' })
  return { index, of: shares }
}

/** The parts of a share, in order. @throws `INVALID_OPTION` */
export function partsOfShare({ index, of }: Share, parts: number, model: string): number[] {
  const shares = of ?? parts
  if (shares > parts)
    throw usageError(
      `--of is ${shares}, but ${model} has ${parts === 1 ? '1 part' : `${parts} parts`}; pass at most --of ${parts}.`,
    )
  if (index >= shares)
    throw usageError(
      `--part is ${index}, but there ${shares === 1 ? 'is only part 0' : `are ${shares}, counted from 0: the last is --part ${shares - 1}`}.`,
    )
  const start = (share: number) => Number((BigInt(share) * BigInt(parts)) / BigInt(shares))
  const first = start(index)
  return Array.from({ length: start(index + 1) - first }, (_, i) => first + i)
}
