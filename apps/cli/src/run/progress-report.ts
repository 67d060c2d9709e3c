/** Progress on stderr: on a terminal a bar with the time left, elsewhere a line for each tenth of the run. */
import type { Progress } from '@checkpoint-schedules/driver'
import { SingleBar } from 'cli-progress'
import { directColoursFor } from '../terminal/colours.js'
import { unguardedStderr } from '../terminal/guard.js'
import { showCount, showDuration } from '../terminal/units.js'

/** How far some work is. */
export interface Standing {
  /** What is done, 0 to 1; `undefined` if that is not known. */
  readonly fraction: number | undefined
  readonly phase: string
  readonly elapsedMs: number
  readonly remainingMs: number | undefined
}

/** Shows how far some work is. */
export interface ProgressReport<S = Progress> {
  /** For a run, what `runAdjoint` calls. */
  readonly update: (standing: S) => void
  /** Clears the bar; must be called even if the run fails. */
  readonly stop: () => void
}

/** Shorter runs, in milliseconds, need no report. */
const PATIENCE = 300

/** @param label - What is running, such as `gradient`. */
export function reportProgress(label: string, isWanted: boolean): ProgressReport {
  return reportStanding<Progress>(label, isWanted, stepsOf)
}

/** @param detail - The part of the line that is left out first. */
export function reportStanding<S extends Standing>(
  label: string,
  isWanted: boolean,
  detail: (standing: S) => string,
): ProgressReport<S> {
  if (!isWanted) return { update: () => undefined, stop: () => undefined }
  return process.stderr.isTTY ? onTerminal(label, detail) : inLines(label, detail)
}

function onTerminal<S extends Standing>(label: string, detail: (standing: S) => string): ProgressReport<S> {
  const { cyan, dim } = directColoursFor(process.stderr)
  const bar = new SingleBar({
    stream: unguardedStderr(), // it moves the cursor, and writes only our own words
    format: (_options, { progress }, payload: Payload) => {
      const { bar, text, rest } = lineOf(label, progress, payload, process.stderr.columns || 80)
      return `${label} ${cyan(bar)} ${text}${dim(rest)}`
    },
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false, // Ctrl-C is handled by the run
    fps: 20,
  })
  let isStarted = false
  return {
    update(progress) {
      if (progress.elapsedMs < PATIENCE) return
      const payload = { phase: progress.phase, steps: detail(progress), left: leftOf(progress) }
      const value = Math.floor((progress.fraction ?? 0) * 1000)
      if (!isStarted) bar.start(1000, value, payload)
      else bar.update(value, payload)
      isStarted = true
    },
    stop: () => bar.stop(),
  }
}

interface Payload {
  readonly phase: string
  readonly steps: string
  readonly left: string
}

const LONGEST_BAR = 30
const SHORTEST_BAR = 8

/**
 * The parts of the line, of which none is ever cut: the steps are left out where there is no room for them, then the phase; the bar takes
 * what is left.
 */
export function lineOf(
  label: string,
  progress: number,
  { phase, steps, left }: Payload,
  columns: number,
): { bar: string; text: string; rest: string } {
  const text = `${String(Math.floor(progress * 100)).padStart(3)}%  ${left}`
  const room = (rest: string) => columns - 1 - label.length - text.length - rest.length - 2
  const rest = [`  ${phase}  ${steps}`, `  ${phase}`, ''].find((it) => room(it) >= SHORTEST_BAR) ?? ''
  const length = Math.max(0, Math.min(LONGEST_BAR, room(rest)))
  const full = Math.round(progress * length)
  return { bar: '█'.repeat(full) + '░'.repeat(length - full), text, rest }
}

function inLines<S extends Standing>(label: string, detail: (standing: S) => string): ProgressReport<S> {
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
      process.stderr.write(`${label}: ${done}${progress.phase}, ${detail(progress)}, ${leftOf(progress)}\n`)
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

function leftOf({ remainingMs, elapsedMs }: Standing): string {
  return remainingMs === undefined ? `${showDuration(elapsedMs)} so far` : `${showDuration(remainingMs)} left`
}
