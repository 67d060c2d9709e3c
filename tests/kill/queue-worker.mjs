// One worker on a queue, as a process of its own: `node queue-worker.mjs REDIS QUEUE FINGERPRINT [SETTINGS as JSON]`. Prints what happens as
// JSON lines. Settings besides those of `work`: `blocks`, a part that holds the event loop for `blocksMs`; `deaths`, how often which part kills
// its worker, which is counted by the lengths of files in `folder`; `differs`, whether its results are those of no other process.
import { appendFileSync, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openQueue } from '@checkpoint-schedules/jobs'
import { partOf } from './queue-parts.mjs'

const [redis, name, fingerprint, settings = '{}'] = process.argv.slice(2)
const { blocks, blocksMs, deaths = {}, folder, differs = false, ...rest } = JSON.parse(settings)
const say = (value) => console.log(JSON.stringify(value))
const controller = new AbortController()
process.on('SIGTERM', () => controller.abort())

const queue = await openQueue({ redis, name })
say({ type: 'ready' })
await queue.work({
  lostAfterSeconds: 1,
  ...rest,
  fingerprint,
  signal: controller.signal,
  onEvent: say,
  async compute(part, { control, signal }) {
    say({ type: 'begins', part })
    const tombs = join(folder ?? '', `deaths-${part}`)
    if ((existsSync(tombs) ? statSync(tombs).size : 0) < (deaths[part] ?? 0)) {
      appendFileSync(tombs, 'x')
      process.kill(process.pid, 'SIGKILL')
    }
    await sleep(5, undefined, { signal })
    if (part === blocks) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blocksMs)
    const result = partOf(part, control)
    if (differs) result.value += process.pid
    say({ type: 'computed', part })
    return result
  },
})
say({ type: 'ends' })
await queue.close()
