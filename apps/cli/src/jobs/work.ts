/** `jobs work`: keeps a process on each core that takes parts from a queue. One that dies is started again. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { interruptibly } from '../run/interruption.js'
import { INTERRUPTED, OK } from '../terminal/exit.js'
import { tell } from '../terminal/tell.js'
import { showCounted } from '../terminal/units.js'
import { parseWorkArguments } from './work-arguments.js'
import type { WorkerReport } from './worker-messages.js'

const WORKER = fileURLToPath(new URL('worker.js', import.meta.url))
/** How many processes may die in succession before one of them is ready. */
const MOST_EARLY_DEATHS = 5

export async function work(typed: readonly string[]): Promise<void> {
  const { workers, isProgressShown, queue } = await parseWorkArguments(typed)
  if (isProgressShown) tell(`${showCounted(workers, 'worker')} on the queue ${queue.name}; Ctrl-C ends them.`)
  await interruptibly(
    (signal) =>
      new Promise<void>((resolve, reject) =>
        new Crew(typed, workers, isProgressShown, signal, resolve, reject).start(),
      ),
    async () => 'the parts under way went back to the queue.',
  )
}

class Crew {
  readonly #typed: readonly string[]
  readonly #count: number
  readonly #isProgressShown: boolean
  readonly #signal: AbortSignal
  readonly #resolve: () => void
  readonly #reject: (error: unknown) => void
  readonly #children = new Set<ChildProcess>()
  /** Told already: all workers have the same news. */
  readonly #told = new Set<string>()
  #earlyDeaths = 0
  /** Parts that failed and are not tried again by themselves. */
  #deadParts = 0
  #failure: unknown

  constructor(
    typed: readonly string[],
    count: number,
    isProgressShown: boolean,
    signal: AbortSignal,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    this.#typed = typed
    this.#count = count
    this.#isProgressShown = isProgressShown
    this.#signal = signal
    this.#resolve = resolve
    this.#reject = reject
  }

  start(): void {
    this.#signal.addEventListener('abort', () => this.#endEarly(this.#signal.reason))
    // After a second Ctrl-C nothing waits for the workers.
    process.on('exit', () => this.#children.forEach((child) => child.kill('SIGKILL')))
    for (let i = 0; i < this.#count; i++) this.#add()
  }

  #add(): void {
    const child = fork(WORKER, [...this.#typed], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.#children.add(child)
    let isReady = false
    child.on('message', (report: WorkerReport) => {
      if (report.type === 'ready') {
        isReady = true
        this.#earlyDeaths = 0
      } else this.#hear(report)
    })
    child.on('error', (error) => this.#endEarly(error))
    child.on('close', (code, signal) => this.#leave(child, isReady, code, signal ?? `exit code ${code}`))
  }

  #hear(report: Exclude<WorkerReport, { type: 'ready' }>): void {
    if (report.type === 'failed') {
      const { code, message } = report
      this.#endEarly(code === undefined ? new Error(message) : new CheckpointScheduleError(code, message))
    } else if (report.kind === 'dead') {
      this.#deadParts += 1
      tell(report.sentence)
    } else if (report.kind === 'progress') {
      if (this.#isProgressShown) tell(report.sentence)
      this.#told.clear() // work goes on: what was waited for is over
    } else if (!this.#told.has(report.sentence)) {
      this.#told.add(report.sentence)
      tell(report.sentence)
    }
  }

  #leave(child: ChildProcess, isReady: boolean, code: number | null, how: string): void {
    this.#children.delete(child)
    const hasEnded = code === OK || code === INTERRUPTED
    if (!hasEnded && this.#failure === undefined) this.#replace(isReady, how)
    if (this.#children.size > 0) return
    if (this.#deadParts > 0)
      this.#failure ??= new Error(
        `${showCounted(this.#deadParts, 'part')} failed; jobs status shows why, and jobs submit tries again.`,
      )
    if (this.#failure === undefined) this.#resolve()
    else this.#reject(this.#failure)
  }

  #replace(isReady: boolean, how: string): void {
    tell(`a worker died by ${how}; another one is started.`)
    if (!isReady) this.#earlyDeaths += 1
    if (this.#earlyDeaths > MOST_EARLY_DEATHS)
      this.#endEarly(
        new Error(
          `workers died ${this.#earlyDeaths} times before they began, at last by ${how}; what they printed may say why.`,
        ),
      )
    else this.#add()
  }

  #endEarly(reason: unknown): void {
    if (this.#failure !== undefined) return
    this.#failure = reason
    for (const child of this.#children) child.kill('SIGTERM')
  }
}
