/** A process that takes parts from a queue. Started by `work.ts` with the arguments of `jobs work`. */
import { join } from 'node:path'
import { isCheckpointScheduleError, messageOf } from '@checkpoint-schedules/core'
import type { Assignment, WorkerEvent } from '@checkpoint-schedules/jobs'
import { removeJournal } from '../parts/compute-part.js'
import { decoded, withControl } from '../parts/control.js'
import { type ComputedPart, gradientOfPart, type GradientWork } from '../parts/gradient-of-part.js'
import { identityOf, type SumIdentity } from '../parts/identity.js'
import type { Inputs } from '../run/prepare.js'
import { FAILED, INTERRUPTED, Interruption, OK } from '../terminal/exit.js'
import { onInterruption } from '../terminal/signals.js'
import type { Result } from './collect.js'
import { withQueue, shortId } from './queue-flags.js'
import { fingerprintOfRuns, whyForeign } from './run-identity.js'
import { openQueueWork, parseWorkArguments, type WorkArguments } from './work-arguments.js'
import type { WorkerReport } from './worker-messages.js'

const controller = new AbortController()
const stop = () => controller.abort(new Interruption())
onInterruption(stop)
// Whoever started us has gone: what is under way goes back to the queue.
process.on('disconnect', stop)

function say(report: WorkerReport, said: () => void = () => undefined): void {
  if (process.connected) process.send!(report, undefined, undefined, said)
  else said()
}

const tellOf = (kind: 'news' | 'progress' | 'dead', sentence: string) => say({ type: 'told', kind, sentence })

function journalOf({ journalDir }: WorkArguments, run: string, part: number): string | undefined {
  return journalDir === undefined ? undefined : join(journalDir, `journal-${shortId(run)}-${part}`)
}

/** Computes parts; the journal of the last one ends once its result is safe. */
function computer(args: WorkArguments, work: GradientWork) {
  let last: ComputedPart | undefined
  let control: { readonly run: string; readonly inputs: Inputs } | undefined
  const endLast = async (outcome: 'finished' | 'unfinished') => {
    const { end } = last ?? {}
    last = undefined
    await end?.(outcome)
  }
  return {
    endLast,
    compute: async (part: number, { run, control: bytes, signal, progress }: Assignment): Promise<Result> => {
      await endLast('unfinished')
      if (control?.run !== run)
        control = {
          run,
          inputs: bytes === undefined ? work.inputs : withControl(work.inputs, decoded(bytes)),
        }
      const { inputs } = control
      const journal = journalOf(args, run, part)
      last = await gradientOfPart({ ...work, inputs }, part, journal, signal, ({ fraction = 0 }) =>
        progress(fraction),
      )
      const { value, gradient, model } = last
      return { value, gradient, model: model ?? null }
    },
  }
}

function hear(event: WorkerEvent, own: SumIdentity): void {
  switch (event.type) {
    case 'done':
      return tellOf('progress', `part ${event.part} of run ${shortId(event.run)} is done.`)
    case 'failed':
      return tellOf(
        event.isFinal ? 'dead' : 'news',
        `part ${event.part} of run ${shortId(event.run)} failed${event.isFinal ? '' : ' and is tried again'}: ${event.message}`,
      )
    case 'returned':
      return tellOf('progress', `part ${event.part} of run ${shortId(event.run)} went back to the queue.`)
    case 'foreign':
      return tellOf(
        'news',
        `the run ${shortId(event.run.id)} on this queue is left to other workers: ${whyForeign(event.run, own)}.`,
      )
    default:
      return tellOf('news', `${event.message} This worker waits, and loses nothing.`)
  }
}

try {
  const args = await parseWorkArguments(process.argv.slice(2))
  const work = await openQueueWork(args)
  const identity = identityOf(args, work.inputs)
  const { compute, endLast } = computer(args, work)
  await withQueue(args.queue, async (queue) => {
    say({ type: 'ready' })
    await queue.work<Result>({
      fingerprint: fingerprintOfRuns(identity),
      compute,
      signal: controller.signal,
      untilEmpty: args.untilEmpty,
      lostAfterSeconds: args.lostAfterSeconds,
      async onEvent(event) {
        if (event.type === 'done') {
          await endLast(event.how === 'computed' ? 'finished' : 'unfinished')
          const journal = journalOf(args, event.run, event.part)
          if (journal !== undefined) await removeJournal(journal)
        }
        hear(event, identity)
      },
    })
    // A worker that comes late finds nothing to do, and so does one whose queue has another name than it should.
    if (!controller.signal.aborted && (await queue.runs()).length === 0) {
      const { name } = args.queue
      tellOf('news', `the queue ${name} has no runs: none was submitted under this name, or it was removed.`)
    }
  })
  await endLast('unfinished')
  process.exit(controller.signal.aborted ? INTERRUPTED : OK)
} catch (error) {
  if (controller.signal.aborted) process.exit(INTERRUPTED)
  const code = isCheckpointScheduleError(error) ? error.code : undefined
  say({ type: 'failed', code, message: messageOf(error) }, () => process.exit(FAILED))
}
