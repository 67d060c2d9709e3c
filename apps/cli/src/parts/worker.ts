/** A process of the pool: computes the parts that it is told to, one after the other. Started by `pool.ts` with the arguments of `gradient`. */
import { isCheckpointScheduleError, messageOf } from '@checkpoint-schedules/core'
import { FAILED, INTERRUPTED, Interruption } from '../terminal/exit.js'
import { onInterruption } from '../terminal/signals.js'
import { parseGradientArguments } from './arguments.js'
import { computePart, type PartWork } from './compute-part.js'
import { openWork } from './perform.js'
import type { Assignment, Report } from './worker-messages.js'

/** Milliseconds between two reports of progress. */
const EVERY = 200

const controller = new AbortController()
let isIdle = true
onInterruption(stop)
// The pool has gone: what is done is durable, and nobody waits for the rest.
process.on('disconnect', stop)

/** Ends the process: an idle one at once, one at work when its run has made what it did durable. */
function stop(): void {
  controller.abort(new Interruption())
  if (isIdle) process.exit(INTERRUPTED)
}

function say(report: Report, said: () => void = () => undefined): void {
  if (process.connected) process.send!(report, undefined, undefined, said)
}

function fail(error: unknown): void {
  if (controller.signal.aborted) process.exit(INTERRUPTED)
  const code = isCheckpointScheduleError(error) ? error.code : undefined
  say({ type: 'failed', code, message: messageOf(error) }, () => process.exit(FAILED))
}

async function compute(work: PartWork, part: number): Promise<void> {
  isIdle = false
  let next = 0
  await computePart(work, part, controller.signal, ({ fraction = 0 }) => {
    const now = performance.now()
    if (now < next) return
    next = now + EVERY
    say({ type: 'progress', fraction })
  })
  controller.signal.throwIfAborted()
  isIdle = true
  say({ type: 'done' })
}

try {
  const work = await openWork(await parseGradientArguments(process.argv.slice(2)))
  process.on('message', ({ part }: Assignment) => void compute(work, part).catch(fail))
  say({ type: 'ready' })
} catch (error) {
  fail(error)
}
