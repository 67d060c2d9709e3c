/** Progress on stderr: on a terminal a bar with the time left, elsewhere a line for each tenth of the run. */
import type { Progress } from '@checkpoint-schedules/driver'
import { SingleBar } from 'cli-progress'
import { directColoursFor } from '../terminal/colours.js'
import { unguardedStderr } from '../terminal/guard.js'
import { showCount, showDuration } from '../terminal/units.js'

/** Shows how far a run is. */
export interface ProgressReport {
  /** What `runAdjoint` calls. */
  readonly update: (progress: Progress) => void
  /** Clears the bar; must be called even if the run fails. */
  readonly stop: () => void
}

/** Shorter runs, in milliseconds, need no report. */
const PATIENCE = 300

/** @param label - What is running, such as `gradient`. */
export function reportProgress(label: string, isWanted: boolean): ProgressReport {
  if (!isWanted) return { update: () => undefined, stop: () => undefined }
  return process.stderr.isTTY ? onTerminal(label) : inLines(label)
}

function onTerminal(label: string): ProgressReport {
  const { cyan, dim } = directColoursFor(process.stderr)
  const bar = new SingleBar({
    stream: unguardedStderr(), // it moves the cursor, and writes only our own words
    format: `${label} ${cyan('{bar}')} {percentage}%  {left}  ${dim('{phase}  {steps}')}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false, // Ctrl-C is handled by the run
    fps: 20,
  })
  let isStarted = false
  return {
    update(progress) {
      if (progress.elapsedMs < PATIENCE) return
      const payload = { phase: progress.phase, steps: stepsOf(progress), left: leftOf(progress) }
      const value = Math.floor((progress.fraction ?? 0) * 1000)
      if (!isStarted) bar.start(1000, value, payload)
      else bar.update(value, payload)
      isStarted = true
    },
    stop: () => bar.stop(),
  }
}

function inLines(label: string): ProgressReport {
  let nextTenth = 1
  let nextTime = 5000
  return {
    update(progress) {
      const { fraction, elapsedMs } = progress
      if (elapsedMs < PATIENCE) return
      const isDue = fraction === undefined ? elapsedMs >= nextTime : fraction * 10 >= nextTenth
      if (!isDue) return
      nextTenth = Math.floor((fraction ?? 0) * 10) + 1
      nextTime = 2 * elapsedMs
      const done = fraction === undefined ? '' : `${Math.floor(fraction * 100)}%, `
      process.stderr.write(`${label}: ${done}${progress.phase}, ${stepsOf(progress)}, ${leftOf(progress)}\n`)
    },
    stop: () => undefined,
  }
}

function stepsOf({
  phase,
  forwardSteps,
  adjointSteps,
  totalForwardSteps,
  totalAdjointSteps,
}: Progress): string {
  if (phase === 'plan') return 'no step yet'
  const part = (done: number, total: number | undefined) =>
    total === undefined ? showCount(done) : `${showCount(done)}/${showCount(total)}`
  return `forward ${part(forwardSteps, totalForwardSteps)}, adjoint ${part(adjointSteps, totalAdjointSteps)}`
}

function leftOf({ remainingMs, elapsedMs }: Progress): string {
  return remainingMs === undefined ? `${showDuration(elapsedMs)} so far` : `${showDuration(remainingMs)} left`
}
