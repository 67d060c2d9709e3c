/**
 * What a resumed run must have before it continues, and one forward sweep that makes what is missing.
 *
 * ```
 * needed       c     c  t t     s        c: checkpoint, t: tape, s: working state
 * there     c     c
 * sweep           +->+->+-+-+-->+        from the nearest state that is there to the last one that is missing
 * ```
 */
import type { CheckpointKind } from '@checkpoint-schedules/core'
import type { Course } from '../run/course.js'

/** A checkpoint that the schedule holds. */
export interface NeededCheckpoint {
  readonly storage: string
  readonly step: number
  readonly kind: CheckpointKind
}

/** All that a run holds at a position. */
export interface Needed {
  readonly checkpoints: readonly NeededCheckpoint[]
  /** The steps whose tapes are in ADJ_DEPS. */
  readonly taped: readonly number[]
  /** The steps whose tapes are in WORKING_MEMORY. */
  readonly kept: readonly number[]
}

/**
 * The checkpoints that the schedule holds.
 *
 * @param before - Steps from here on are not taken yet, though the Forward that takes them is counted.
 */
export function checkpointsOf(course: Course, before = Infinity): NeededCheckpoint[] {
  const checkpoints: NeededCheckpoint[] = []
  for (const [storage, { held }] of course.holdings.storages) {
    for (const [step, kind] of held) {
      if (kind === 'restart' || step < before) checkpoints.push({ storage, step, kind })
    }
  }
  return checkpoints
}

/** All that the schedule holds. */
export function neededBy(course: Course, before = Infinity): Needed {
  const { buffer, kept } = course.holdings.dependencies
  // An unbounded Forward has counted steps beyond the end.
  const end = Math.min(before, course.steps ?? Infinity)
  return {
    checkpoints: checkpointsOf(course, before),
    taped: stepsOf(buffer, end),
    kept: stepsOf(kept, end),
  }
}

function stepsOf(parts: readonly { readonly from: number; readonly to: number }[], end: number): number[] {
  return parts.flatMap(({ from, to }) =>
    Array.from({ length: Math.max(0, Math.min(to, end) - from) }, (_, i) => from + i),
  )
}

/** One stop of the sweep. */
export interface Stop {
  readonly step: number
  /** Storages that lack the state of this step. */
  readonly states: readonly string[]
  /** Storages that lack the tape of this step. */
  readonly tapes: readonly string[]
}

/**
 * The stops of the sweep, in order.
 *
 * @param isThere - Whether a checkpoint need not be made again.
 */
export function stopsOf(needed: Needed, isThere: (checkpoint: NeededCheckpoint) => boolean): Stop[] {
  const stops = new Map<number, { states: string[]; tapes: string[] }>()
  const stopAt = (step: number) => {
    const stop = stops.get(step) ?? { states: [], tapes: [] }
    stops.set(step, stop)
    return stop
  }
  for (const checkpoint of needed.checkpoints) {
    if (isThere(checkpoint)) continue
    const { states, tapes } = stopAt(checkpoint.step)
    ;(checkpoint.kind === 'restart' ? states : tapes).push(checkpoint.storage)
  }
  for (const step of needed.taped) stopAt(step).tapes.push('ADJ_DEPS')
  for (const step of needed.kept) stopAt(step).tapes.push('WORKING_MEMORY')
  return Array.from(stops, ([step, stop]) => ({ step, ...stop })).toSorted((a, b) => a.step - b.step)
}
