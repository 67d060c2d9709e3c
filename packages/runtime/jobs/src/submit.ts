/** Submitting a run: every part that is neither done nor queued is queued. So it can be repeated after any failure. */
import { optionError } from '@checkpoint-schedules/core'
import { type Desk, findRun, said } from './desk.js'
import { jobId, partOf, runsKey } from './names.js'
import { knownRun, recordOf } from './run-record.js'
import type { KnownRun, Run, Submission } from './types.js'

/** Jobs added by one command. */
const AT_ONCE = 500
/** Tries of a part that failed for a reason that may pass, such as a full disk. */
const ATTEMPTS = 5

export async function submit(desk: Desk, run: Run): Promise<Submission> {
  const { connection, options, results } = desk
  const known = knownRun(run, options.store === undefined ? 'redis' : 'store')
  return said(desk, async () => {
    await checkPlace(desk, known)
    // Before the record: who sees the run can read its control.
    if (run.control !== undefined) await results.putControl(known, run.control)
    await connection.redis.hset(runsKey(options.name), known.id, recordOf(known))
    const list = desk.list(known)
    const again = await takeDead(desk, known)
    const queued = new Set(await list.getRanges(['waiting', 'active', 'delayed'], 0, -1))
    // After the queue: what leaves it meanwhile is done.
    const done = await results.parts(known)
    const missing: number[] = []
    for (let part = 0; part < known.parts; part++)
      if (!done.has(part) && !queued.has(jobId(known.id, part))) missing.push(part)
    for (let first = 0; first < missing.length; first += AT_ONCE) {
      const some = missing.slice(first, first + AT_ONCE)
      await list.addBulk(
        some.map((part) => ({
          name: 'part',
          data: { run: known.id, part },
          opts: {
            jobId: jobId(known.id, part),
            attempts: ATTEMPTS,
            removeOnComplete: true,
            stackTraceLimit: 1,
          },
        })),
      )
    }
    return { id: known.id, added: missing.length, again: again.length, done: done.size }
  })
}

async function checkPlace(desk: Desk, { id, place }: KnownRun): Promise<void> {
  const before = await findRun(desk, id).catch(() => undefined)
  if (before === undefined || before.place === place) return
  throw optionError(
    'submit',
    before.place === 'redis'
      ? 'the results of this run go to Redis already; submit it without a store, or remove it first.'
      : 'the results of this run go to a store already; submit it with that store, or remove it first.',
  )
}

/** Removes the jobs of the run that have failed, so that they can be added again. */
async function takeDead(desk: Desk, run: KnownRun): Promise<string[]> {
  const list = desk.list(run)
  const failed = await list.getRanges(['failed'], 0, -1)
  const own = failed.filter((job) => partOf(run.id, job) !== undefined)
  for (const job of own) await list.remove(job)
  return own
}
