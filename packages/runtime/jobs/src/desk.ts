/** What all calls of a queue share: the connection, the records of runs, and the lists of BullMQ. */
import { isCheckpointScheduleError, optionError, show } from '@checkpoint-schedules/core'
import { Queue } from 'bullmq'
import { isRunId, listName, PREFIX, runsKey } from './names.js'
import { type Connection, inWords } from './redis.js'
import { Results } from './results.js'
import { parseRecord } from './run-record.js'
import type { KnownRun, QueueOptions } from './types.js'

/** What a job carries: never an array. */
export interface JobData {
  readonly run: string
  readonly part: number
}

/** A queue that is open. */
export interface Desk {
  readonly options: QueueOptions
  readonly connection: Connection
  readonly results: Results
  /** BullMQ's queue of the runs with the fingerprint of this one. */
  list(run: KnownRun): Queue<JobData>
  close(): Promise<void>
}

export function openDesk(options: QueueOptions, connection: Connection): Desk {
  const lists = new Map<string, Queue<JobData>>()
  return {
    options,
    connection,
    results: new Results(options, connection),
    list(run) {
      const name = listName(options.name, run)
      let list = lists.get(name)
      if (list === undefined) {
        list = new Queue<JobData>(name, { connection: connection.redis, prefix: PREFIX })
        list.on('error', () => undefined) // commands report it
        list.setMaxListeners(0)
        lists.set(name, list)
      }
      return list
    },
    async close() {
      for (const list of lists.values()) await list.close().catch(() => undefined)
      connection.redis.disconnect()
    },
  }
}

/** Runs a call; what Redis says goes wrong is said in words. */
export async function said<T>({ connection }: Pick<Desk, 'connection'>, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw inWords(connection.who, error)
  }
}

/** All runs that were submitted; records that are not ours are left out. */
export async function runsOf(desk: Pick<Desk, 'connection' | 'options'>): Promise<KnownRun[]> {
  const records = await desk.connection.redis.hgetall(runsKey(desk.options.name))
  return Object.entries(records).flatMap(([id, text]) => {
    try {
      return [parseRecord(id, text)]
    } catch (error) {
      if (isCheckpointScheduleError(error)) return []
      throw error
    }
  })
}

/** The run with this id; `undefined` if it was removed, or Redis lost it. @throws `INVALID_FILE` */
export async function findRun(
  { connection, options }: Pick<Desk, 'connection' | 'options'>,
  id: string,
): Promise<KnownRun | undefined> {
  const record = isRunId(id) ? await connection.redis.hget(runsKey(options.name), id) : null
  return record === null ? undefined : parseRecord(id, record)
}

/** @throws `INVALID_OPTION`: there is no such run. */
export async function needRun(desk: Desk, id: string): Promise<KnownRun> {
  const run = await findRun(desk, id)
  if (run !== undefined) return run
  throw optionError(
    'jobs',
    `the queue ${desk.options.name} has no run ${show(id)}; it was removed, or Redis was restarted without persistence. Submit it again.`,
  )
}
