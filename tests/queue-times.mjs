// What the queue costs: `pnpm queue:times`. The time of parts that compute nothing, and of 16 shots by one and two workers, by the queue
// and by the pool. Times are of this machine; it should be quiet.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openQueue } from '@checkpoint-schedules/jobs'
import { root } from '../scripts/workspace.mjs'
import { startRedis } from './support/redis.mjs'

const program = join(root, 'apps/cli/bin/checkpoint-schedules.js')
const folder = mkdtempSync(join(tmpdir(), 'queue-times-'))
const server = await startRedis({ appendonly: 'yes' })
const queue = await openQueue({ redis: server.url, name: 'times' })

async function timed(work) {
  const before = performance.now()
  await work()
  return performance.now() - before
}

for (const bytes of [8, 43_200, 1_000_000]) {
  const parts = bytes > 100_000 ? 100 : 500
  const fingerprint = `empty ${bytes}`
  const times = { worker: undefined, collect: undefined }
  let [first, last] = [0, 0]
  let id
  const submit = await timed(async () => ({ id } = await queue.submit({ parts, fingerprint })))
  const compute = async () => {
    last = performance.now()
    if (first === 0) first = last
    return new Float64Array(bytes / 8)
  }
  await queue.work({ fingerprint, compute, untilEmpty: true })
  times.worker = (last - first) / (parts - 1)
  times.collect = await timed(async () => {
    for await (const { state } of queue.collect(id)) if (state !== 'done') throw new Error(state)
  })
  await queue.remove(id)
  const each = (ms) => `${(ms / parts).toFixed(2)} ms`
  console.log(
    `a part with a result of ${bytes} bytes: submit ${each(submit)}, worker ${times.worker.toFixed(2)} ms, collect ${each(times.collect)}`,
  )
}

const model =
  '--model wave2d --shots 16 --steps 1500 --absorbing-width 8 --schedule multistage --ram 30 --no-progress'.split(
    ' ',
  )
const env = { ...process.env, CHECKPOINT_SCHEDULES_REDIS: server.url }
const command = (...args) => {
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
}
const withoutProgress = model.filter((it) => it !== '--no-progress')
for (const workers of ['1', '2']) {
  const pool = await timed(() =>
    command('gradient', ...model, '--parts', 'all', '--workers', workers, '--out', `pool-${workers}`),
  )
  command('jobs', 'submit', ...withoutProgress, '--queue', `w${workers}`)
  const byQueue = await timed(() =>
    command('jobs', 'work', ...model, '--queue', `w${workers}`, '--workers', workers, '--until-empty'),
  )
  console.log(
    `16 shots, ${workers} worker(s): pool ${(pool / 1000).toFixed(2)} s, queue ${(byQueue / 1000).toFixed(2)} s`,
  )
}
await queue.close()
await server.stop()
rmSync(folder, { recursive: true })
