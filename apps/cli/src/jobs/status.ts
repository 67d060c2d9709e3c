/** `jobs status`: how far the runs on a queue are. */
import type { RunStatus } from '@checkpoint-schedules/jobs'
import { Option } from 'commander'
import { newCommand, parseFlags } from '../flags/parse-arguments.js'
import { write, writeLines } from '../terminal/output.js'
import { alignedRows, type Row } from '../terminal/rows.js'
import { showCounted } from '../terminal/units.js'
import { queueIn, queueOptions, runIn, runOption, shortId, withQueue } from './queue-flags.js'
import { parseFingerprint } from './run-identity.js'

const description =
  'Shows the runs on a queue: what is done, waiting and under way, what failed and why, and how many workers there are.'

const examples = `
Examples:
  $ checkpoint-schedules jobs status --queue survey
  $ checkpoint-schedules jobs status --queue survey --run 3f2a --json`

export async function status(args: readonly string[]): Promise<void> {
  const command = newCommand('jobs status', description).usage('--queue NAME [flags]')
  for (const option of [...queueOptions, runOption]) command.addOption(option)
  command.addOption(new Option('--json', 'print one JSON array')).addHelpText('after', examples)
  parseFlags(command, 'jobs status', args)
  const settings = command.opts<{ run?: string; json?: boolean }>()
  const options = await queueIn('jobs status', settings)
  await withQueue(options, async (queue) => {
    const runs =
      settings.run === undefined ? await queue.runs() : [await runIn(queue, options.name, settings.run)]
    const all: RunStatus[] = []
    for (const { id } of runs) all.push(await queue.status(id))
    if (settings.json) {
      const plain = all.map(({ fingerprint, control, ...rest }) => ({
        ...rest,
        model: modelOf(fingerprint),
        control: control ?? null,
      }))
      return write(`${JSON.stringify(plain, undefined, 2)}\n`)
    }
    if (all.length === 0) return writeLines([`The queue ${options.name} has no runs.`])
    for (const [at, run] of all.entries()) {
      if (at > 0) await writeLines([''])
      await writeLines(alignedRows(rowsOf(run)))
    }
  })
}

function rowsOf({
  id,
  fingerprint,
  control,
  parts,
  done,
  active,
  waiting,
  lost,
  dead,
  fraction,
  workers,
}: RunStatus): Row[] {
  const at = control === undefined ? '' : `, at the control ${shortId(control)}`
  return [
    ['run', shortId(id), `${modelOf(fingerprint)}${at}`],
    ['done', `${done} of ${showCounted(parts, 'part')}`, `${Math.floor(100 * fraction)}%`],
    ['under way', String(active)],
    ['waiting', String(waiting)],
    ...(lost.length === 0
      ? []
      : ([['lost', String(lost.length), 'Redis forgot them; submit the run again']] as Row[])),
    ...dead.map(({ part, message }): Row => ['failed', `part ${part}`, message]),
    ...(dead.length === 0 ? [] : ([['', 'submit the run again', 'to try what failed again']] as Row[])),
    [
      'workers',
      String(workers),
      workers === 0 && done < parts ? 'start them: jobs work with the same flags' : '',
    ],
  ]
}

/** As text from Redis: shown, and nothing else. */
function modelOf(fingerprint: string): string {
  return parseFingerprint(fingerprint)?.identity.model ?? 'a run of another program'
}
