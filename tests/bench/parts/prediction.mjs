// The wall time that `simulate` predicts, with the costs of a few steps and transfers measured on this machine, against that of the
// run: wave2d under six schedules, with checkpoints in memory, in files, and in an artificial slow store.
import { join } from 'node:path'
import { singleDisk } from '@checkpoint-schedules/basic'
import { memoryStore, runAdjoint } from '@checkpoint-schedules/driver'
import { mixed } from '@checkpoint-schedules/mixed'
import { wave2d } from '@checkpoint-schedules/models'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { diskRevolve, hRevolve } from '@checkpoint-schedules/revolve'
import { simulate } from '@checkpoint-schedules/simulator'
import { fileStore } from '@checkpoint-schedules/storage-fs'
import { median, once } from '../harness/timing.mjs'
import { serialStore } from '../support/idle-model.mjs'
import { measureCosts } from '../support/measure-costs.mjs'
import { inScratchFolder } from '../support/scratch.mjs'

// In files the states are larger: a system may take some milliseconds to give a processor to the thread that writes.
const SHOTS = { memory: 8, files: 40, 'slow store': 8 }
const SLOW_MS = 10
const buffers = 2

const schedules = {
  singleDisk: () => singleDisk({ moveData: true }),
  'multistage, 4 + 12': (steps) => multistage({ steps, snapshotsInRam: 4, snapshotsOnDisk: 12 }),
  'twoLevel, 10, 4': () => twoLevel({ period: 10, binomialSnapshots: 4, binomialStorage: 'RAM' }),
  'diskRevolve, 4': (steps, costs) => diskRevolve({ steps, snapshotsInRam: 4, costs }),
  'hRevolve, 4 + 12': (steps, costs) => hRevolve({ steps, snapshotsInRam: 4, snapshotsOnDisk: 12, costs }),
  'mixed, 20': (steps) => mixed({ steps, snapshots: 20 }),
}

// A new store each time: each opens its own folder.
const stores = {
  memory: (work) => work(() => memoryStore()),
  files: (work) =>
    inScratchFolder((folder) => {
      let count = 0
      return work(() => fileStore({ directory: join(folder, String(count++)) }))
    }),
  'slow store': (work) => work(() => serialStore(SLOW_MS)),
}

/**
 * The predicted and the measured wall time (ms): medians of alternate measurements of costs and runs in one process, as a machine's speed
 * varies from second to second. A run before them has the code compiled.
 */
const compared =
  (make, store, withStore) =>
  async ({ quick }) => {
    const problem = wave2d({ shots: SHOTS[store], steps: quick || store === 'files' ? 60 : 120 })
    const { steps } = problem
    return withStore(async (openStore) => {
      const both = async () => {
        const { costs, opening } = await measureCosts(problem, openStore)
        const { forwardStep, adjointStep, write, read } = costs
        const schedule = make(steps, { forwardStep, adjointStep, write, read })
        const DISK = openStore()
        const inMemory = DISK.inMemory ? ['RAM', 'DISK'] : ['RAM']
        const { overlapped } = simulate(schedule, { steps, costs, buffers, inMemory })
        const { wall } = await once(() =>
          runAdjoint({ ...problem, schedule, steps, stores: { DISK }, buffers }),
        )
        return { predicted: overlapped + opening, wall }
      }
      await both()
      const all = []
      for (let i = 0; i < (quick ? 1 : 5); i++) all.push(await both())
      return {
        predicted: median(all.map(({ predicted }) => predicted)),
        wall: median(all.map(({ wall }) => wall)),
      }
    })
  }

const experiments = Object.entries(stores).flatMap(([store, withStore]) =>
  Object.entries(schedules).map(([name, make]) => ({
    rounds: 2,
    variants: { compared: compared(make, store, withStore) },
    goals: [
      {
        name,
        figure: `${store}: predicted and measured differ by`,
        unit: '%',
        goal: { atMost: 10 },
        measure: ({ compared: { predicted, wall } }) => 100 * Math.abs(predicted / wall - 1),
      },
      {
        name,
        figure: `${store}: predicted`,
        unit: 'ms',
        measure: ({ compared: { predicted } }) => predicted,
      },
      { name, figure: `${store}: measured`, unit: 'ms', measure: ({ compared: { wall } }) => wall },
    ],
  })),
)

export const bench = {
  title: `wall time of wave2d, as simulated and as measured\n(slow store: ${SLOW_MS} ms for each transfer)`,
  experiments,
}
