import type { ChildProcess } from 'node:child_process'
import type { JobQueue, RunStatus } from '@checkpoint-schedules/jobs'
import type { PartResult } from './queue-parts.mjs'

export interface WorkerProcess {
  readonly child: ChildProcess
  /** The signal or the exit code that it ended with. */
  readonly ended: Promise<string | number>
}

export interface WorkerSettings {
  readonly onEvent?: (event: { readonly type: string; readonly part?: number }, child: ChildProcess) => void
  readonly onEnd?: (how: string | number) => void
  readonly [setting: string]: unknown
}

/** A worker as a process; `onEvent` is given what it says, `onEnd` the signal that ended it. */
export function startWorker(
  redis: string,
  name: string,
  fingerprint: string,
  settings: WorkerSettings,
): WorkerProcess

/** The results of a run that is done, in order. */
export function resultsOf(queue: JobQueue, id: string): Promise<PartResult[]>

/** Runs `parts` parts by two workers that are killed at random events. Returns what went wrong, and how often which event met a kill. */
export function killWorkers(settings: {
  readonly parts: number
  readonly kills: number
  readonly seed: number
}): Promise<{
  readonly killed: number
  readonly counts: Readonly<Record<string, number>>
  readonly isSame: boolean
  readonly status: RunStatus
}>
