/** `jobs submit`: puts the parts of a sum into a queue. */
import { Option } from 'commander'
import { parseSize, sizeForms } from '../flags/sizes.js'
import { atControl, controlOption, encoded } from '../parts/control.js'
import { identityOf } from '../parts/identity.js'
import { parseModelArguments } from '../run/model-arguments.js'
import { checkScheduleFlags, loadInputs } from '../run/prepare.js'
import { writeLines } from '../terminal/output.js'
import { alignedRows, type Row } from '../terminal/rows.js'
import { usageError } from '../terminal/usage-error.js'
import { queueIn, queueOptions, shortId, withQueue } from './queue-flags.js'
import { fingerprintOfRuns } from './run-identity.js'

const description = `Puts the parts of a sum into a queue: those that are neither done nor in it, so it can be repeated after any failure.
Parts that failed are tried again. What goes into the queue is their numbers; workers are started with the same flags.`

const examples = `
Examples:
  $ checkpoint-schedules jobs submit --model wave2d --shots 4 --schedule multistage --ram 10 --queue survey
  $ checkpoint-schedules jobs submit --model wave2d --shots 4 --schedule multistage --ram 10 --queue survey --control next.npy

With --control, workers get it from the queue; they need not be started again for each.`

const own = [
  controlOption,
  new Option(
    '--in-redis <size>',
    'the largest result that goes to Redis, which holds it in memory (default 4MiB)',
  ),
]

export async function submit(args: readonly string[]): Promise<void> {
  const { settings, ...parsed } = await parseModelArguments(args, {
    name: 'jobs submit',
    description,
    usage: '--model MODEL --schedule SCHEDULE --queue NAME [flags]',
    options: [...queueOptions, ...own],
    examples,
  })
  const options = await queueIn('jobs submit', settings)
  const { control: path, inRedis } = settings as { control?: string; inRedis?: string }
  const mostBytesInRedis = inRedis === undefined ? undefined : bytesIn(inRedis)
  checkScheduleFlags(parsed.schedule)
  const inputs = await loadInputs(parsed)
  const identity = identityOf(parsed, inputs)
  const { control } = await atControl(parsed, inputs, path)
  await withQueue(options, async (queue) => {
    const { id, added, again, done } = await queue.submit({
      parts: identity.parts,
      fingerprint: fingerprintOfRuns(identity),
      control: control === undefined ? undefined : encoded(control),
      mostBytesInRedis,
    })
    const { workers } = await queue.status(id)
    const notes = [
      ...(done > 0 ? [`${done} were done before`] : []),
      ...(again > 0 ? [`${again} had failed`] : []),
    ]
    const rows: Row[] = [
      ['run', shortId(id), `on queue ${options.name}`],
      ['parts', String(identity.parts)],
      ['submitted', String(added), notes.join(', ')],
      ['workers', String(workers), workers === 0 ? 'start them: jobs work with the same flags' : ''],
    ]
    await writeLines(alignedRows(rows))
  })
}

function bytesIn(text: string): number {
  const size = parseSize(text)
  if (size !== undefined && size.bytes >= 1) return size.bytes
  throw usageError(`--in-redis must be ${sizeForms}; got ${JSON.stringify(text)}.`)
}
