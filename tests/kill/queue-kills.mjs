// Kills workers of a queue with -9 at random events, and compares the sum with that of a plain loop: `pnpm kills:queue`, 100 kills.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openQueue } from '@checkpoint-schedules/jobs'
import { startRedis } from '../support/redis.mjs'
import { serialSum, sumOf } from './queue-parts.mjs'
import { randomFrom } from './random.mjs'

const WORKER = fileURLToPath(new URL('queue-worker.mjs', import.meta.url))

/** A worker as a process; `onEvent` is given what it says, `onEnd` the signal that ended it. */
export function startWorker(redis, name, fingerprint, { onEvent, onEnd, ...settings }) {
  const child = spawn(process.execPath, [WORKER, redis, name, fingerprint, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  createInterface({ input: child.stdout }).on('line', (line) => onEvent?.(JSON.parse(line), child))
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)))
  if (onEnd !== undefined) void ended.then(onEnd)
  return { child, ended }
}

/** The results of a run that is done, in order. */
export async function resultsOf(queue, id) {
  const results = []
  for await (const it of queue.collect(id)) if (it.state === 'done') results.push(it.result)
  return results
}

/** Runs `parts` parts by two workers that are killed at random events. Returns what went wrong, and how often which event met a kill. */
export async function killWorkers({ parts, kills, seed }) {
  const server = await startRedis()
  const next = randomFrom(seed)
  const counts = {}
  const workers = new Set()
  let [killed, isOver] = [0, false]
  const add = () => {
    const worker = startWorker(server.url, 'kills', 'kills 1', {
      mostLosses: 1000,
      onEvent(event, child) {
        if (killed >= kills || next() > 0.25 || !child.kill('SIGKILL')) return
        killed += 1
        counts[event.type] = (counts[event.type] ?? 0) + 1
      },
      onEnd() {
        workers.delete(worker)
        if (!isOver) add()
      },
    })
    workers.add(worker)
  }
  const queue = await openQueue({ redis: server.url, name: 'kills' })
  try {
    const { id } = await queue.submit({ parts, fingerprint: 'kills 1' })
    add()
    add()
    const status = await queue.wait(id)
    const sum = sumOf(await resultsOf(queue, id))
    const expected = serialSum(parts)
    const isSame =
      status.done === parts &&
      Object.is(sum.value, expected.value) &&
      Buffer.compare(Buffer.from(sum.gradient.buffer), Buffer.from(expected.gradient.buffer)) === 0
    return { killed, counts, isSame, status }
  } finally {
    isOver = true
    for (const { child } of workers) child.kill('SIGKILL')
    await Promise.all(Array.from(workers, ({ ended }) => ended))
    await queue.close()
    await server.stop()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = Number(process.argv[2] ?? 100)
  let [killed, seed] = [0, 0]
  while (killed < wanted) {
    const outcome = await killWorkers({ parts: 60, kills: Math.min(25, wanted - killed), seed: ++seed })
    killed += outcome.killed
    console.log(`${killed} kills: ${outcome.isSame ? 'the same bits' : 'ANOTHER SUM'}`, outcome.counts)
    if (!outcome.isSame) process.exitCode = 1
  }
}
