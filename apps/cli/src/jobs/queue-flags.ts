/** The flags that say which queue: the same for all commands of `jobs`. */
import type { JobQueue, KnownRun, QueueOptions } from '@checkpoint-schedules/jobs'
import { Option, type OptionValues } from 'commander'
import { fromModule } from '../discovery/modules.js'
import { usageError } from '../terminal/usage-error.js'
import { loadJobs } from './jobs-package.js'

/** Where the address of Redis is looked for if there is no flag: it may contain a password, which others would see in the list of processes. */
export const REDIS_VARIABLE = 'CHECKPOINT_SCHEDULES_REDIS'
const REDIS = 'redis://127.0.0.1:6379'

export const queueOptions = [
  new Option(
    '--redis <url>',
    `address of Redis or Valkey (default: ${REDIS_VARIABLE} in the environment, or ${REDIS}); with a password, use the variable`,
  ),
  new Option('--queue <name>', 'name of the queue (required)'),
  new Option(
    '--store <module>',
    'an object store for results that are too large for Redis: ./my-store.mjs, which exports an object with put, get and delete',
  ),
]

export const runOption = new Option(
  '--run <id>',
  'which run, or the beginning of its id (default: the only one)',
)

/** The queue that the flags name. @throws `INVALID_OPTION` */
export async function queueIn(command: string, settings: OptionValues): Promise<QueueOptions> {
  const { redis, queue, store } = settings as { redis?: string; queue?: string; store?: string }
  if (queue === undefined) throw usageError(`${command} needs the name of a queue: pass --queue NAME.`)
  return {
    redis: redis ?? process.env[REDIS_VARIABLE] ?? REDIS,
    name: queue,
    store: store === undefined ? undefined : (await fromModule('store', store, isStore)).value,
  }
}

/** Runs `work` with the queue open. */
export async function withQueue<T>(options: QueueOptions, work: (queue: JobQueue) => Promise<T>): Promise<T> {
  const { openQueue } = await loadJobs()
  const queue = await openQueue(options)
  try {
    return await work(queue)
  } finally {
    await queue.close()
  }
}

/** The run that the flag means. @throws `INVALID_OPTION` */
export async function runIn(queue: JobQueue, name: string, wanted: string | undefined): Promise<KnownRun> {
  const runs = await queue.runs()
  const fitting =
    wanted === undefined ? runs : runs.filter(({ id }) => wanted !== '' && id.startsWith(wanted))
  const [run, ...others] = fitting
  if (run !== undefined && others.length === 0) return run
  const known = runs.map(({ id }) => shortId(id)).join(', ')
  if (runs.length === 0)
    throw usageError(
      `the queue ${name} has no runs; none was submitted, or Redis was restarted without persistence. Submit one.`,
    )
  throw usageError(
    run === undefined
      ? `the queue ${name} has no run ${JSON.stringify(wanted)}; it has ${known}.`
      : `the queue ${name} has ${fitting.length} ${wanted === undefined ? 'runs' : 'such runs'}: ${fitting
          .slice(0, 10)
          .map(({ id }) => shortId(id))
          .join(', ')}; pass one of them, as in --run ${shortId(run.id)}. jobs remove forgets one.`,
  )
}

export const shortId = (id: string) => id.slice(0, 8)

function isStore(value: unknown): value is NonNullable<QueueOptions['store']> {
  const methods = ['put', 'get', 'delete'] as const
  const object = value as Record<string, unknown> | null
  return typeof value === 'object' && methods.every((name) => typeof object?.[name] === 'function')
}
