/**
 * A pool of processes on this machine, each of which computes one part at a time. Processes, not threads: a model that runs out of memory
 * or crashes takes nothing along, and a part whose process died is begun again, from its journal.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { Standing } from '@checkpoint-schedules/terminal-progress'
import { reportStanding } from '../run/progress-report.js'
import { tell } from '../terminal/tell.js'
import { showCounted } from '../terminal/units.js'
import type { Assignment, Report } from './worker-messages.js'

const WORKER = fileURLToPath(new URL('worker.js', import.meta.url))
/** Of what a worker printed, the end is kept: why it died may be there. */
const KEPT_CHARACTERS = 4000

export interface PoolWork {
  /** The arguments of `gradient` as typed. */
  readonly typed: readonly string[]
  /** The parts to compute. */
  readonly left: readonly number[]
  /** The number of parts in all. */
  readonly parts: number
  readonly workers: number
  readonly retries: number
  readonly isProgressShown: boolean
  readonly signal: AbortSignal
}

interface Worker {
  readonly child: ChildProcess
  part: number | undefined
  /** Of the part, 0 to 1. */
  fraction: number
  printed: string
}

/** Computes the parts. Ends when all workers have ended, also after a failure or an abort. */
export function computeInPool(work: PoolWork): Promise<void> {
  if (work.left.length === 0) return Promise.resolve()
  return new Promise((resolve, reject) => new Pool(work, resolve, reject).start())
}

class Pool {
  readonly #work: PoolWork
  readonly #queue: number[]
  readonly #workers = new Set<Worker>()
  readonly #deaths = new Map<number, number>()
  readonly #report
  readonly #started = performance.now()
  readonly #resolve: () => void
  readonly #reject: (error: unknown) => void
  #done = 0
  /** Why the pool ends early. */
  #failure: unknown

  constructor(work: PoolWork, resolve: () => void, reject: (error: unknown) => void) {
    this.#work = work
    this.#queue = [...work.left]
    this.#resolve = resolve
    this.#reject = reject
    this.#report = reportStanding<Standing>('gradient', work.isProgressShown, () =>
      showCounted(this.#workers.size, 'worker'),
    )
  }

  start(): void {
    const { signal, workers } = this.#work
    signal.addEventListener('abort', this.#onAbort)
    process.on('exit', this.#killAll)
    const count = Math.min(workers, this.#queue.length)
    for (let i = 0; i < count; i++) this.#add()
    if (signal.aborted) this.#onAbort()
  }

  readonly #onAbort = () => this.#endEarly(this.#work.signal.reason)

  // After a second Ctrl-C nothing waits for the workers.
  readonly #killAll = () => {
    for (const { child } of this.#workers) child.kill('SIGKILL')
  }

  #add(): void {
    const child = fork(WORKER, [...this.#work.typed], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    const worker: Worker = { child, part: undefined, fraction: 0, printed: '' }
    this.#workers.add(worker)
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => (worker.printed = (worker.printed + text).slice(-KEPT_CHARACTERS)))
    }
    child.on('message', (report: Report) => this.#hear(worker, report))
    child.on('error', (error) => this.#endEarly(error))
    child.on('close', (code, signal) => this.#leave(worker, signal ?? `exit code ${code}`))
  }

  #hear(worker: Worker, report: Report): void {
    if (report.type === 'progress') worker.fraction = report.fraction
    else if (report.type === 'failed') this.#endEarly(failureOf(worker, report))
    else {
      if (report.type === 'done') {
        this.#done += 1
        worker.part = undefined
        worker.fraction = 0
      }
      this.#assign(worker)
    }
    this.#show()
  }

  #assign(worker: Worker): void {
    const part = this.#failure === undefined ? this.#queue.shift() : undefined
    if (part === undefined) worker.child.kill('SIGTERM')
    else {
      worker.part = part
      // If it has died meanwhile, its end is heard as well.
      worker.child.send({ part } satisfies Assignment, () => undefined)
    }
  }

  #leave(worker: Worker, how: string): void {
    this.#workers.delete(worker)
    const isNeeded = worker.part !== undefined || this.#queue.length > this.#workers.size
    if (this.#failure === undefined && isNeeded) this.#replace(worker, how)
    if (this.#workers.size === 0) this.#end()
  }

  #replace({ part, printed }: Worker, how: string): void {
    const { retries } = this.#work
    const key = part ?? -1 // it died before it was given one
    const deaths = (this.#deaths.get(key) ?? 0) + 1
    this.#deaths.set(key, deaths)
    if (part !== undefined) this.#queue.unshift(part)
    if (deaths > retries) {
      const who = part === undefined ? 'workers' : `the workers of part ${part}`
      const last = printed.trimEnd().split('\n').at(-1)
      this.#endEarly(
        new Error(
          `${who} died ${showCounted(deaths, 'time')}, at last by ${how}${last ? ` (${last})` : ''}. If memory ran out, pass fewer --workers or less --ram; to try more often, pass --retries. What is done is kept.`,
        ),
      )
    } else {
      const next = part === undefined ? 'another one is started' : `part ${part} is begun again`
      tell(`a worker died by ${how}; ${next}.`)
      this.#add()
    }
  }

  #endEarly(reason: unknown): void {
    if (this.#failure !== undefined) return
    this.#failure = reason
    for (const { child } of this.#workers) child.kill('SIGTERM')
  }

  #end(): void {
    this.#report.stop()
    this.#work.signal.removeEventListener('abort', this.#onAbort)
    process.off('exit', this.#killAll)
    if (this.#failure === undefined) this.#resolve()
    else this.#reject(this.#failure)
  }

  #show(): void {
    const { left, parts } = this.#work
    let current = this.#done
    for (const { fraction } of this.#workers) current += fraction
    const elapsedMs = performance.now() - this.#started
    const before = parts - left.length
    this.#report({
      fraction: (before + current) / parts,
      phase: `${before + this.#done} of ${showCounted(parts, 'part')}`,
      elapsedMs,
      remainingMs: current === 0 ? undefined : (elapsedMs * (left.length - current)) / current,
    })
  }
}

function failureOf({ part }: Worker, { code, message }: Report & { type: 'failed' }): Error {
  const text =
    part === undefined || message.startsWith(`part ${part}:`) ? message : `part ${part}: ${message}`
  return code === undefined ? new Error(text) : new CheckpointScheduleError(code, text)
}
