/** `jobs collect`: the parts of a run, into the directory that `gradient` writes and `reduce` adds. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { RunStatus } from '@checkpoint-schedules/jobs'
import type { Standing } from '@checkpoint-schedules/terminal-progress'
import { Option } from 'commander'
import { checkNewDirectory } from '../files/directory.js'
import { newCommand, parseFlags } from '../flags/parse-arguments.js'
import { isDone } from '../parts/compute-part.js'
import { writePart } from '../parts/part-files.js'
import { claimSum } from '../parts/sum-directory.js'
import { interruptibly } from '../run/interruption.js'
import { reportStanding } from '../run/progress-report.js'
import { writeLines } from '../terminal/output.js'
import { alignedRows, type Row } from '../terminal/rows.js'
import { tell } from '../terminal/tell.js'
import { showCounted } from '../terminal/units.js'
import { usageError } from '../terminal/usage-error.js'
import { queueIn, queueOptions, runIn, runOption, shortId, withQueue } from './queue-flags.js'
import { parseFingerprint, sumOf } from './run-identity.js'

const description = `Writes the parts of a run that are done to a directory, for reduce; then says what is missing, and ends with exit code 1 if something is.
Can be repeated: parts that are in the directory are not fetched again.`

const examples = `
Examples:
  $ checkpoint-schedules jobs collect --queue survey --out survey --wait
  $ checkpoint-schedules reduce survey`

interface Settings {
  readonly run?: string
  readonly out?: string
  readonly wait?: boolean
  readonly remove?: boolean
  readonly progress: boolean
}

export async function collect(args: readonly string[]): Promise<void> {
  const command = newCommand('jobs collect', description).usage('--queue NAME --out DIRECTORY [flags]')
  const own = [
    new Option('--out <directory>', 'where the parts go (required)'),
    runOption,
    new Option('--wait', 'first wait until no part is waiting or under way'),
    new Option('--remove', 'if nothing is missing, remove the run from the queue afterwards'),
    new Option('--no-progress', 'show no progress'),
  ]
  for (const option of [...queueOptions, ...own]) command.addOption(option)
  command.addHelpText('after', examples)
  parseFlags(command, 'jobs collect', args)
  const settings = command.opts<Settings>()
  const { out } = settings
  if (out === undefined)
    throw usageError('jobs collect needs a directory for the parts: pass --out DIRECTORY.')
  await checkNewDirectory(out, 'a directory for parts, or a name for a new one')
  const options = await queueIn('jobs collect', settings)
  await withQueue(options, (queue) =>
    interruptibly(
      async (signal) => {
        const run = await runIn(queue, options.name, settings.run)
        const known = parseFingerprint(run.fingerprint)
        if (known === undefined)
          throw usageError(
            `the run ${shortId(run.id)} was not submitted by this command line; collect it with the program that did.`,
          )
        if (settings.wait)
          await waitShown(settings.progress, (onStatus) => queue.wait(run.id, { signal, onStatus }))
        const sum = await claimSum(out, sumOf(run, known), known.maker)
        const wanted: number[] = []
        for (let part = 0; part < run.parts; part++) if (!(await isDone(sum, part))) wanted.push(part)
        let written = 0
        for await (const item of queue.collect<Result>(run.id, wanted)) {
          signal.throwIfAborted()
          if (item.state === 'damaged') tell(`${item.message} Submit the run again to compute it again.`)
          if (item.state !== 'done') continue
          const { value, gradient, model } = checked(item.result)
          await writePart(sum, { part: item.part, value, gradient, model: model ?? undefined })
          written += 1
        }
        const missing = wanted.length - written
        if (settings.remove && missing === 0) await queue.remove(run.id)
        const before = run.parts - wanted.length
        const rows: Row[] = [
          ['run', shortId(run.id), known.identity.model],
          [
            'collected',
            String(written),
            before === 0 ? '' : `${showCounted(before, 'part')} had been there before`,
          ],
          ['in', out],
        ]
        await writeLines(alignedRows(rows))
        if (missing > 0) throw new Error(whatIsMissing(missing, await queue.status(run.id)))
      },
      async () => 'what is done stays done; repeat the command to continue.',
    ),
  )
}

/** Its checksum is right; that a worker of this program made it is not certain. */
function checked(result: Result): Result {
  const { value, model } = (result ?? {}) as Partial<Result>
  if (Number.isFinite(value) && (model === null || typeof model === 'string')) return result
  throw new CheckpointScheduleError(
    'INVALID_FILE',
    'a result in the queue was not made by jobs work; remove the run and submit it again.',
  )
}

/** What a worker sends. */
export interface Result {
  readonly value: number
  readonly gradient: unknown
  readonly model: string | null
}

function whatIsMissing(missing: number, { parts, waiting, active, dead, lost }: RunStatus): string {
  const [first] = dead
  const reasons = [
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(active > 0 ? [`${active} under way`] : []),
    ...(lost.length > 0 ? [`${lost.length} not in the queue`] : []),
    ...(dead.length > 0 ? [`${dead.length} failed`] : []),
  ]
  const why = first === undefined ? '' : ` Part ${first.part} failed: ${first.message.replace(/\.$/, '')}.`
  const way =
    dead.length + lost.length > 0
      ? 'Submit the run again to try again.'
      : 'Collect again later, or with --wait.'
  return `${missing} of ${parts} parts ${missing === 1 ? 'is' : 'are'} missing (${reasons.join(', ')}).${why} ${way}`
}

/** Shows the progress of all workers while waiting. */
async function waitShown(
  isShown: boolean,
  wait: (onStatus: (status: RunStatus) => void) => Promise<unknown>,
): Promise<void> {
  const started = performance.now()
  let first: number | undefined
  let workers = 0
  const report = reportStanding<Standing>('collect', isShown, () => showCounted(workers, 'worker'))
  await wait((status) => {
    const { fraction, done, parts, waiting } = status
    if (first === undefined && status.workers === 0 && waiting > 0)
      tell('no worker is connected that could compute what is waiting; start some with jobs work.')
    first ??= fraction
    workers = status.workers
    const elapsedMs = performance.now() - started
    const speed = (fraction - first) / elapsedMs
    report({
      fraction,
      phase: `${done} of ${showCounted(parts, 'part')}`,
      elapsedMs,
      remainingMs: speed > 0 ? (1 - fraction) / speed : undefined,
    })
  }).finally(report.stop)
}
