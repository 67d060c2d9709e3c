/**
 * Progress for people: on a terminal one line with a bar and the time left, elsewhere a line for each tenth.
 *
 * The line is written over itself, and nothing else of the terminal is changed: no cursor to bring back, no timer that keeps the process
 * alive, whatever becomes of the run.
 */
import process from 'node:process'
import type { Progress } from '@checkpoint-schedules/driver'
import picocolors from 'picocolors'
import { leftOf, lineOf } from './line.js'

/** How far some work is. */
export interface Standing {
  /** What is done, 0 to 1; `undefined` if that is not known. */
  readonly fraction: number | undefined
  /** What is being done, in a word. */
  readonly phase: string
  /** Milliseconds since the start. */
  readonly elapsedMs: number
  /** Milliseconds to the end, if there is an estimate. */
  readonly remainingMs: number | undefined
}

/** Where the lines go: `process.stderr`, or anything like it. */
export interface TerminalStream {
  write(text: string): unknown
  readonly isTTY?: boolean
  /** Characters in a line of the terminal. */
  readonly columns?: number
}

/** How progress is shown. */
export interface TerminalProgressOptions<S extends Standing = Progress> {
  /** What is running, by default `gradient`. */
  readonly label?: string
  /** More about the standing, left out first where there is no room. By default the steps of a run. */
  readonly detail?: (standing: S) => string
  /** By default `process.stderr`. */
  readonly stream?: TerminalStream
}

/** Shows how far the work is: call it as often as you like. */
export interface TerminalProgress<S extends Standing = Progress> {
  (standing: S): void
  /** Clears the line. It is cleared by itself when the work is done; call this in case it fails. May be called more than once. */
  readonly stop: () => void
}

/** Shorter work, in milliseconds, needs no report. */
const PATIENCE = 300
/** Milliseconds between two drawings. */
const PAUSE = 50

/**
 * A ready `onProgress` for `runAdjoint`, or for any work that knows how far it is.
 *
 * On a terminal it is one line that fits its width without cutting a number, drawn at most 20 times a second, in colour unless `NO_COLOR` is set.
 * In a file, a pipe or a dumb terminal it is a line for each tenth of the work. Work of less than 0.3 s shows nothing.
 *
 * @example
 * ```ts
 * import { runAdjoint } from '@checkpoint-schedules/driver'
 * import { revolve } from '@checkpoint-schedules/revolve'
 * import { terminalProgress } from '@checkpoint-schedules/terminal-progress'
 *
 * const progress = terminalProgress({ label: 'pendulum' })
 * await runAdjoint({
 *   schedule: revolve({ steps: 1000, snapshotsInRam: 10 }),
 *   model: { step: (x: number) => 2 * x, tape: (x: number) => ({ state: 2 * x, tape: 0 }), adjoint: (a: number) => 2 * a },
 *   initialState: 1,
 *   terminalAdjoint: 1,
 *   onProgress: progress,
 * }).finally(progress.stop)
 * ```
 */
export function terminalProgress(options?: TerminalProgressOptions): TerminalProgress
export function terminalProgress<S extends Standing>(
  options: TerminalProgressOptions<S> & { readonly detail: (standing: S) => string },
): TerminalProgress<S>
export function terminalProgress<S extends Standing>({
  label = 'gradient',
  detail = stepsOf as unknown as (standing: S) => string,
  stream = process.stderr,
}: TerminalProgressOptions<S> = {}): TerminalProgress<S> {
  const shown = stream.isTTY === true && process.env['TERM'] !== 'dumb' ? onTerminal : inLines
  return shown(label, detail, stream)
}

function onTerminal<S extends Standing>(
  label: string,
  detail: (standing: S) => string,
  stream: TerminalStream,
): TerminalProgress<S> {
  const { cyan, dim } = picocolors.createColors(isColourful())
  let isShown = false
  let next = PATIENCE
  const stop = () => {
    if (isShown) stream.write('\r\u001B[2K')
    isShown = false
  }
  const show = (standing: S) => {
    const { fraction, phase, elapsedMs } = standing
    if (fraction === 1) return stop()
    if (elapsedMs < next) return
    next = elapsedMs + PAUSE
    const words = { phase, detail: detail(standing), left: leftOf(standing) }
    const { bar, text, rest } = lineOf(label, fraction ?? 0, words, stream.columns || 80)
    stream.write(`\r${label} ${cyan(bar)} ${text}${dim(rest)}\u001B[K`)
    isShown = true
  }
  return Object.assign(show, { stop })
}

function isColourful(): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env
  return !NO_COLOR && FORCE_COLOR !== '0'
}

function inLines<S extends Standing>(
  label: string,
  detail: (standing: S) => string,
  stream: TerminalStream,
): TerminalProgress<S> {
  let nextTenth = 1
  let nextTime = 5000
  const show = (standing: S) => {
    const { fraction, phase, elapsedMs } = standing
    if (elapsedMs < PATIENCE) return
    const isDue = fraction === undefined ? elapsedMs >= nextTime : fraction * 10 >= nextTenth
    if (!isDue) return
    nextTenth = Math.floor((fraction ?? 0) * 10) + 1
    nextTime = 2 * elapsedMs
    const done = fraction === undefined ? '' : `${Math.floor(fraction * 100)}%`
    const words = [done, phase, detail(standing), leftOf(standing)].filter((it) => it !== '')
    stream.write(`${label}: ${words.join(', ')}\n`)
  }
  return Object.assign(show, { stop: () => undefined })
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

/** `1,234,567` */
function showCount(count: number): string {
  return count.toLocaleString('en-US')
}
