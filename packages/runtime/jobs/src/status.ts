/** How far a run is: from the lists of BullMQ, and what is done. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import { type Desk, needRun, said } from './desk.js'
import { jobId, partOf } from './names.js'
import type { DeadPart, KnownRun, RunStatus, WaitOptions } from './types.js'

const MOST_PAUSE = 500
/** How long Redis may be away, in milliseconds, while somebody waits. */
const MOST_ABSENCE = 60_000
/** BullMQ's words for a part whose workers died too often. */
const STALLED = 'job stalled more than allowable limit'

export async function status(desk: Desk, id: string): Promise<RunStatus> {
  return said(desk, async () => {
    const run = await needRun(desk, id)
    const list = desk.list(run)
    // One look at all lists, so that nothing is missed on its way from one to another; what leaves them after that is done.
    const all = partsIn(run, await list.getRanges(['waiting', 'active', 'delayed', 'failed'], 0, -1))
    const active = partsIn(run, await list.getRanges(['active'], 0, -1))
    const failed = partsIn(run, await list.getRanges(['failed'], 0, -1))
    const workers = await list.getWorkersCount()
    const done = await desk.results.parts(run)
    const open = (part: number) => !done.has(part)
    const dead = await Promise.all([...failed].filter(open).map((part) => deadPart(desk, run, part)))
    const underWay = [...active].filter((part) => open(part) && !failed.has(part))
    const waiting = [...all].filter((part) => open(part) && !failed.has(part) && !active.has(part))
    const lost: number[] = []
    for (let part = 0; part < run.parts; part++) if (open(part) && !all.has(part)) lost.push(part)
    let fraction = done.size
    for (const part of underWay) fraction += await progressOf(desk, run, part)
    return {
      ...run,
      done: done.size,
      waiting: waiting.length,
      active: underWay.length,
      dead: dead.toSorted((a, b) => a.part - b.part),
      lost,
      fraction: fraction / run.parts,
      workers,
    }
  })
}

export async function wait(
  desk: Desk,
  id: string,
  { signal, onStatus }: WaitOptions = {},
): Promise<RunStatus> {
  let away: number | undefined
  for (let pause = 20; ; pause = Math.min(1.5 * pause, MOST_PAUSE)) {
    signal?.throwIfAborted()
    try {
      const now = await status(desk, id)
      away = undefined
      onStatus?.(now)
      if (now.waiting + now.active === 0) return now
    } catch (error) {
      if (!isCheckpointScheduleError(error) || error.code !== 'STORE_FAILED') throw error
      away ??= performance.now()
      if (performance.now() - away > MOST_ABSENCE) throw error
    }
    await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
  }
}

function partsIn({ id, parts }: KnownRun, jobs: readonly string[]): Set<number> {
  const found = jobs.map((job) => partOf(id, job)).filter((part) => part !== undefined && part < parts)
  return new Set(found as number[])
}

async function deadPart(desk: Desk, run: KnownRun, part: number): Promise<DeadPart> {
  const reason = (await desk.list(run).getJob(jobId(run.id, part)))?.failedReason ?? 'it failed'
  const message =
    reason === STALLED ? 'its workers died, or were not heard of, too often: it may be the cause' : reason
  return { part, message: message.split('\n')[0]!.slice(0, 1000) }
}

async function progressOf(desk: Desk, run: KnownRun, part: number): Promise<number> {
  const fraction = (await desk.list(run).getJob(jobId(run.id, part)))?.progress
  return typeof fraction === 'number' && fraction >= 0 && fraction <= 1 ? fraction : 0
}
