/** What the playground asks of its worker, and what comes back. */
import {
  type CostModelInput,
  type DiscoveredSchedule,
  formatAction,
  type Pieces,
} from '@checkpoint-schedules/core'
import { simulateInPieces } from '@checkpoint-schedules/simulator'
import { actionAt, record, type Recording } from '@checkpoint-schedules/space-time'
import { costNames, type Shown, type Side } from './address.js'
import type { Progress } from './planner.js'
import { optionsFrom } from './texts.js'

/** Most steps that the playground takes. */
export const MOST_STEPS = 100_000

/** One schedule to plan. */
export interface PlanRequest {
  readonly side: Side
  readonly steps: string
  readonly costs: Shown['costs']
}

/** Statistics of a schedule. */
export interface Counts {
  readonly name: string
  readonly steps: number
  readonly actions: number
  readonly forwardSteps: number
  /** The forward steps according to theory, without iterating; `undefined` if there is no formula. */
  readonly theoryForwardSteps: number | undefined
  readonly recomputeFactor: number
  readonly makespan: number
  readonly theoryMakespan: number | undefined
  readonly peak: Readonly<Record<string, number>>
  readonly writes: Readonly<Record<string, number>>
  readonly reads: Readonly<Record<string, number>>
  readonly discards: Readonly<Record<string, number>>
  /** The options as the factory takes them. */
  readonly options: Readonly<Record<string, unknown>>
}

export type PlanAnswer =
  | { readonly recording: Recording; readonly counts: Counts }
  | { readonly error: string }

/** Plans and records. A mistake in the options is returned as a sentence. */
export function plan(
  schedules: readonly DiscoveredSchedule[],
  request: PlanRequest,
  onProgress: (progress: Progress) => void,
): PlanAnswer {
  try {
    const { factory } = schedules.find((it) => it.command === request.side.command)!
    const { definition } = factory
    const steps = stepsFrom(request.steps)
    const costs = costsFrom(request.costs)
    const descriptors = Object.values(definition.options)
    const hasCosts = descriptors.some((it) => it.kind === 'costs')
    const options = {
      ...(definition.online ? {} : { steps }),
      ...optionsFrom(definition.options, request.side.texts),
      ...(hasCosts ? { costs } : {}),
    }
    const schedule = factory(options)
    reported(schedule.planInPieces(), `Planning ${definition.name}`, onProgress)
    const { forwardSteps, makespan, recomputeFactor, peak, writes, reads, discards } = reported(
      simulateInPieces(schedule, { steps, costs }),
      'Counting actions',
      onProgress,
    )
    const optimum = schedule.optimum(steps)
    onProgress({ text: 'Drawing' })
    const recording = record(schedule, { steps, costs })
    const counts: Counts = {
      name: definition.name,
      steps,
      actions: recording.length,
      forwardSteps,
      theoryForwardSteps: optimum?.forwardSteps,
      recomputeFactor,
      makespan,
      theoryMakespan: hasCosts ? optimum?.makespan : undefined,
      peak,
      writes,
      reads,
      discards,
      options,
    }
    return { recording, counts }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

const BETWEEN = 100 // milliseconds from one report to the next

function reported<T>(work: Pieces<T>, text: string, onProgress: (progress: Progress) => void): T {
  onProgress({ text })
  let last = performance.now()
  for (;;) {
    const piece = work.next()
    if (piece.done === true) return piece.value
    if (performance.now() - last < BETWEEN) continue
    last = performance.now()
    onProgress({ text, part: piece.value })
  }
}

/** The actions as JSON lines. */
export function actionLines(recording: Recording): string {
  const lines = Array.from({ length: recording.length }, (_, i) =>
    formatAction(actionAt(recording, i), { dialect: 'json' }),
  )
  return `${lines.join('\n')}\n`
}

function stepsFrom(text: string): number {
  const steps = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(steps) && steps >= 1 && steps <= MOST_STEPS) return steps
  throw new Error(
    `steps must be an integer from 1 to ${MOST_STEPS.toLocaleString('en-US')} here; got ${JSON.stringify(text)}. The command line accepts more.`,
  )
}

/** The cost model in the fields. */
export function costsFrom(texts: Shown['costs']): CostModelInput {
  const values = costNames.map((name) => {
    const value = Number(texts[name])
    if (texts[name].trim() === '' || !Number.isFinite(value) || value < 0)
      throw new Error(`the cost "${name}" must be a number >= 0; got ${JSON.stringify(texts[name])}.`)
    return value
  })
  const [forwardStep, adjointStep, write, read] = values as [number, number, number, number]
  return { forwardStep, adjointStep, write: { DISK: write }, read: { DISK: read } }
}
