/** The arguments of `run`. */
import { Option } from 'commander'
import { type ModelArguments, parseModelArguments } from './model-arguments.js'

/** The flags of `run` itself, for any model and schedule. */
export interface RunSettings {
  readonly taylor?: boolean
  readonly json?: boolean
  readonly image?: string
  readonly imageBeside?: string
  readonly gradient?: string
  readonly force?: boolean
  readonly checkpointDir?: string
  readonly journal?: string
  readonly journalEvery?: string
  readonly takeOver?: boolean
  readonly progress: boolean
}

export interface RunArguments extends ModelArguments {
  readonly settings: RunSettings
}

const description = 'Computes the gradient of a model under a schedule and reports what it took.'

const examples = `
Examples:
  $ checkpoint-schedules run --model burgers1d --schedule revolve --ram 10 --taylor
  $ checkpoint-schedules run --model wave2d --schedule auto --ram 8MB --disk 1GB --image gradient.png
  $ checkpoint-schedules run --model wave2d --schedule single-memory --json > result.json
  $ checkpoint-schedules run --model wave2d --schedule h-revolve --ram 4 --disk 20 --journal my-run
  $ checkpoint-schedules run --resume my-run
  $ checkpoint-schedules run --model ./lorenz96.mjs --schedule @someone/their-schedule#theirs --taylor

With --schedule auto, the model and the disk are measured first, and the schedule that is predicted to be the fastest within --ram and
--disk runs. With a schedule by name, a size such as 8MB becomes the number of checkpoints that fit; in memory, working storage is subtracted first.
With --journal a run saves its progress; after a kill, --resume continues it with a bit-for-bit identical result.
Ctrl-C ends a run with exit code 130 and leaves no files except those of --journal.`

const options = [
  new Option(
    '--taylor',
    'test the gradient with five more forward runs nearby: passed, exact, wrong or undecided',
  ),
  new Option('--image <file>', 'draw the gradient to FILE.png or FILE.svg'),
  new Option(
    '--image-beside <file>',
    'draw the field in FILE.npy with it, such as the true control, on the same axes',
  ),
  new Option('--force', 'replace the image if it exists'),
  new Option('--gradient <directory>', 'write the gradient as .npy files into an empty or new directory'),
  new Option(
    '--checkpoint-dir <directory>',
    'where checkpoints on disk go (default: a temporary directory); must be empty or new; emptied at the end',
  ),
  new Option('--journal <directory>', 'survive a kill: save what is needed to resume'),
  new Option(
    '--journal-every <time>',
    'time between saves, at most lost by a kill: 5min, or seconds (default 30)',
  ),
  new Option('--resume <directory>', 'resume an interrupted run; repeat all its flags, or none of them'),
  new Option(
    '--take-over',
    'with --journal or --resume: do not wait for a process on another host that may be dead; if it is alive, it ends',
  ),
  new Option('--json', 'print one JSON object instead of the summary'),
  new Option('--no-progress', 'show no progress'),
]

export async function parseRunArguments(args: readonly string[]): Promise<RunArguments> {
  const { settings, ...model } = await parseModelArguments(args, {
    name: 'run',
    description,
    usage: '--model MODEL --schedule SCHEDULE [flags]',
    options,
    examples,
  })
  return { ...model, settings: settings as RunSettings }
}
