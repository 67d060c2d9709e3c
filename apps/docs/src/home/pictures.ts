/** The pictures of the first page, drawn when the site is built. */
import type { Schedule } from '@checkpoint-schedules/core'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { diskRevolve, hRevolve, revolve } from '@checkpoint-schedules/revolve'
import { singleMemory } from '@checkpoint-schedules/basic'
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

const MOMENTS = 200

/** Revolve with 1,000 steps and 10 states, as in the code beside it. */
export function livePicture(): LivePicture {
  const [steps, states] = [1000, 10]
  const recording = record(revolve({ steps, snapshotsInRam: states }))
  const svg = toSketch(recording, {
    title: `Space-time diagram: the forward keeps ${states} of ${steps} states; the adjoint comes back, and what is missing is computed again`,
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

/** Several schedules with the same steps, costs and storage, fastest first. */
export function strip(): Thumbnail[] {
  const steps = 100
  const memory = { steps, snapshotsInRam: 5 }
  const both = { ...memory, snapshotsOnDisk: 5 }
  const shown: readonly (readonly [Schedule, page: string, budget: string])[] = [
    [singleMemory(), 'single-memory', 'every step in memory'],
    [revolve(memory), 'revolve', '5 in memory'],
    [multistage(both), 'multistage', '5 in memory, 5 on disk'],
    [hRevolve(both), 'h-revolve', '5 in memory, 5 on disk'],
    [diskRevolve(memory), 'disk-revolve', '5 in memory, a large disk'],
    [
      twoLevel({ period: 20, binomialSnapshots: 5, binomialStorage: 'RAM' }),
      'two-level',
      'a state on disk every 20 steps, 5 in memory',
    ],
  ]
  const recordings = shown.map(([schedule]) => record(schedule, { steps }))
  const extent = extentOf(...recordings)
  return shown
    .map(([schedule, page, budget], k) => {
      const { name } = schedule.manifest
      const { makespan, forwardSteps } = simulate(schedule, { steps })
      const title = `${name}: ${steps} steps, ${budget}, time ${makespan}`
      const svg = toSketch(recordings[k]!, { title, width: 720, height: 76, extent, theme: 'page' })
      return { name, page, budget, svg, time: makespan, forwardSteps }
    })
    .toSorted((a, b) => a.time - b.time)
}
