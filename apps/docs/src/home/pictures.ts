/** The pictures of the first page, and small ones for others, drawn when the site is built. */
import { singleDisk, singleMemory } from '@checkpoint-schedules/basic'
import type { Schedule } from '@checkpoint-schedules/core'
import { mixed } from '@checkpoint-schedules/mixed'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { online } from '@checkpoint-schedules/online'
import { diskRevolve, hRevolve, periodicDiskRevolve, revolve } from '@checkpoint-schedules/revolve'
import { simulate } from '@checkpoint-schedules/simulator'
import { extentOf, momentAt, record, type Recording, toSketch } from '@checkpoint-schedules/space-time'

/** A run that the page plays: how far it is at equal distances in time. */
export interface LivePicture {
  readonly svg: string
  readonly steps: number
  readonly states: number
  /** Forward steps, adjoint steps, and the most states held so far. */
  readonly forward: readonly number[]
  readonly adjoint: readonly number[]
  readonly held: readonly number[]
}

/** A schedule in the strip: its picture on the common axis, and its time. */
export interface Thumbnail {
  readonly name: string
  readonly page: string
  readonly budget: string
  readonly svg: string
  readonly time: number
  readonly forwardSteps: number
}

/** Which thumbnails, and how large. */
interface ThumbnailSettings {
  /** All of them if left out. */
  readonly pages?: readonly string[]
  readonly width: number
  readonly height: number
}

const MOMENTS = 200
const STEPS = 100

/** Revolve with 1,000 steps and 10 states, as in the code beside it. */
export function livePicture(): LivePicture {
  const [steps, states] = [1000, 10]
  const recording = record(revolve({ steps, snapshotsInRam: states }))
  const svg = toSketch(recording, {
    title: `Space-time diagram: the forward stores ${states} of ${steps} states; the adjoint runs backwards, and the other states are recomputed`,
    width: 680,
    height: 430,
    theme: 'page',
  })
  const moments = Array.from({ length: MOMENTS + 1 }, (_, k) => momentIn(recording, k / MOMENTS))
  return {
    svg,
    steps,
    states,
    forward: moments.map(({ forward }) => forward),
    adjoint: moments.map(({ adjoint }) => adjoint),
    held: moments.map(({ held }) => held),
  }
}

/** How far a run is after a part of its time. */
function momentIn(recording: Recording, part: number) {
  const { times, length, held } = recording
  const time = part * times[length]!
  const i = part === 1 ? length - 1 : times.findLastIndex((begin) => begin <= time)
  const [before, after] = [momentAt(recording, i - 1), momentAt(recording, i)]
  const done = part === 1 ? 1 : (time - times[i]!) / (times[i + 1]! - times[i]! || 1)
  const between = (from: number, to: number) => Math.round(from + done * (to - from))
  return {
    forward: between(before.forwardSteps, after.forwardSteps),
    adjoint: between(before.adjointSteps, after.adjointSteps),
    held: held[0]!.subarray(0, i + 1).reduce((most, count) => Math.max(most, count), 0),
  }
}

/** The same 100 steps under each schedule, with 5 states in memory and, for those that use it, 5 on disk. */
function runs(): readonly (readonly [Schedule, page: string, budget: string])[] {
  const memory = { steps: STEPS, snapshotsInRam: 5 }
  const both = { ...memory, snapshotsOnDisk: 5 }
  return [
    [singleMemory(), 'single-memory', 'all 100 tapes in memory'],
    [singleDisk(), 'single-disk', 'all 100 tapes on disk'],
    [revolve(memory), 'revolve', '5 in memory'],
    [mixed({ steps: STEPS, snapshots: 5, storage: 'RAM' }), 'mixed', '5 in memory, states or tapes'],
    [online({ snapshots: 5 }), 'online', '5 in memory, the end unknown'],
    [multistage(both), 'multistage', '5 in memory, 5 on disk'],
    [hRevolve(both), 'h-revolve', '5 in memory, 5 on disk'],
    [diskRevolve(memory), 'disk-revolve', '5 in memory, a large disk'],
    [periodicDiskRevolve(memory), 'periodic-disk-revolve', '5 in memory, a large disk'],
    [
      twoLevel({ period: 20, binomialSnapshots: 5, binomialStorage: 'RAM' }),
      'two-level',
      'a state on disk every 20 steps, 5 in memory',
    ],
  ]
}

/** Pictures of these runs on one time axis, fastest first. */
export function thumbnails({ pages, width, height }: ThumbnailSettings): Thumbnail[] {
  const shown = runs().filter(([, page]) => pages?.includes(page) ?? true)
  const recordings = shown.map(([schedule]) => record(schedule, { steps: STEPS }))
  const extent = extentOf(...recordings)
  return shown
    .map(([schedule, page, budget], k) => {
      const { name } = schedule.manifest
      const { makespan, forwardSteps } = simulate(schedule, { steps: STEPS })
      const title = `${name}: ${STEPS} steps, ${budget}, time ${makespan}`
      const svg = toSketch(recordings[k]!, { title, width, height, extent, theme: 'page' })
      return { name, page, budget, svg, time: makespan, forwardSteps }
    })
    .toSorted((a, b) => a.time - b.time)
}

/** Those of the first page. */
export function strip(): Thumbnail[] {
  const pages = ['single-memory', 'revolve', 'multistage', 'h-revolve', 'disk-revolve', 'two-level']
  return thumbnails({ pages, width: 720, height: 76 })
}
