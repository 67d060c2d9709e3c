// What a journal costs: a run of wave2d with one over one without, checkpoints on disk in both. By default a point is made every 30
// seconds; here also far more often, to see what a point takes.
import { join } from 'node:path'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { wave2d } from '@checkpoint-schedules/models'
import { multistage } from '@checkpoint-schedules/multistage'
import { fileJournal, fileStore } from '@checkpoint-schedules/storage-fs'
import { once } from '../harness/timing.mjs'
import { inScratchFolder } from '../support/scratch.mjs'

const journaled = (settings) =>
  inScratchFolder(async (folder) => {
    const { model, initialState, terminalAdjoint, steps } = wave2d()
    const schedule = multistage({ steps, snapshotsInRam: 4, snapshotsOnDisk: 12 })
    const directory = join(folder, 'run')
    const keeping =
      settings === undefined
        ? { stores: { DISK: fileStore({ directory }) } }
        : { journal: fileJournal(directory, settings) }
    let statistics
    const time = await once(async () => {
      statistics = (await runAdjoint({ schedule, model, initialState, terminalAdjoint, ...keeping }))
        .statistics
    })
    const { points = 0, bytes = 0, timeMs = 0 } = statistics.journal ?? {}
    return { ...time, points, bytes, pointsMs: timeMs }
  })

const figure = 'wall time / a run without'

export const bench = {
  title: 'wave2d, durable points',
  experiments: [
    {
      rounds: 3,
      variants: {
        without: () => journaled(),
        usual: () => journaled({}),
        second: () => journaled({ everySeconds: 1 }),
        often: () => journaled({ everySeconds: 0.1 }),
      },
      goals: [
        {
          name: 'by default',
          figure,
          unit: '×',
          goal: { atMost: 1.05 },
          measure: ({ usual, without }) => usual.wall / without.wall,
        },
        {
          name: 'every second',
          figure,
          unit: '×',
          measure: ({ second, without }) => second.wall / without.wall,
        },
        {
          name: 'every 0.1 s',
          figure,
          unit: '×',
          measure: ({ often, without }) => often.wall / without.wall,
        },
        {
          name: 'every 0.1 s',
          figure: 'time of a point',
          unit: 'ms',
          measure: ({ often }) => often.pointsMs / often.points,
        },
        {
          name: 'every 0.1 s',
          figure: 'bytes of a point',
          unit: 'kB',
          measure: ({ often }) => often.bytes / often.points / 1e3,
        },
      ],
    },
  ],
}
