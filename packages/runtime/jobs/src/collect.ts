/** Reading the results of a run, in order. */
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import { type Desk, needRun, said } from './desk.js'
import { runsKey } from './names.js'
import type { Collected } from './types.js'

export async function* collect<R>(
  desk: Desk,
  id: string,
  only?: Iterable<number>,
): AsyncGenerator<Collected<R>> {
  const run = await said(desk, () => needRun(desk, id))
  for (const part of only ?? Array(run.parts).keys()) {
    yield await said(desk, async (): Promise<Collected<R>> => {
      try {
        const result = await desk.results.get(run, part)
        return result === undefined
          ? { part, state: 'missing' }
          : { part, state: 'done', result: result as R }
      } catch (error) {
        if (!isCheckpointScheduleError(error) || error.code !== 'INVALID_FILE') throw error
        await desk.results.drop(run, part)
        return { part, state: 'damaged', message: error.message }
      }
    })
  }
}

export async function remove(desk: Desk, id: string): Promise<void> {
  await said(desk, async () => {
    const { connection, options, results } = desk
    const run = await needRun(desk, id)
    const list = desk.list(run)
    for (const job of await list.getRanges(['waiting', 'delayed', 'failed'], 0, -1))
      if (job.startsWith(`${id}-`)) await list.remove(job)
    await results.clear(run)
    await connection.redis.hdel(runsKey(options.name), id)
    // A worker may have been faster; the next one sees that the run is gone, and removes what it wrote.
    await results.clear(run)
  })
}
