// How much of a slow store's time hides behind computing: wall time over the time of computing alone (checkpoints in memory), with two
// buffers and without (each transfer waited for). Once with an artificial store, whose transfers take a fixed time; once with files
// on this machine's disk, where the steps are as long as gives the transfers, as measured, their share.
import { join } from 'node:path'
import { singleDisk } from '@checkpoint-schedules/basic'
import { memoryStore, runAdjoint } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { hRevolve } from '@checkpoint-schedules/revolve'
import { simulate } from '@checkpoint-schedules/simulator'
import { fileStore } from '@checkpoint-schedules/storage-fs'
import { once } from '../harness/timing.mjs'
import { idleProblem, slowStore } from '../support/idle-model.mjs'
import { inScratchFolder } from '../support/scratch.mjs'

const steps = 48
const STEP_MS = 3
const STATE_MB = 4

/** Transfers take this share of the time of computing; two buffers hide them, but for what comes in bursts when there is no slack. */
const shares = [
  { share: 0.5, said: 'half', atMost: 1.15 },
  { share: 1, said: 'equal', atMost: 1.3 },
]
const schedules = {
  singleDisk: () => singleDisk({ moveData: true }),
  'multistage, 4 + 12': () => multistage({ steps, snapshotsInRam: 4, snapshotsOnDisk: 12 }),
  'hRevolve, 4 + 12': () => hRevolve({ steps, snapshotsInRam: 4, snapshotsOnDisk: 12 }),
}

function counted(schedule) {
  const { forwardSteps, adjointSteps, writes, reads } = simulate(schedule, { steps })
  return { steps: forwardSteps + adjointSteps, transfers: writes.DISK + reads.DISK }
}

const run = (schedule, problem, DISK, buffers) =>
  once(() => runAdjoint({ ...problem, schedule, steps, stores: { DISK }, buffers }))

const goalsOf = (store, name, { said, atMost }) => [
  {
    name: `${name}: ${said}`,
    figure: `${store}, two buffers`,
    unit: '×',
    goal: { atMost },
    measure: ({ alone, overlapped }) => overlapped.wall / alone.wall,
  },
  {
    name: `${name}: ${said}`,
    figure: `${store}, waiting`,
    unit: '×',
    measure: ({ alone, waited }) => waited.wall / alone.wall,
  },
]

const each = (experiment) =>
  Object.entries(schedules).flatMap(([name, make]) => shares.map((share) => experiment(name, make, share)))

const artificial = each((name, make, { share, ...said }) => {
  const slow = (schedule) => {
    const { steps, transfers } = counted(schedule)
    return slowStore((share * STEP_MS * steps) / transfers)
  }
  const variant = (store, buffers) => () => run(make(), idleProblem(STEP_MS, 8), store(make()), buffers)
  return {
    rounds: 2,
    variants: {
      alone: variant(memoryStore, 2),
      overlapped: variant(slow, 2),
      waited: variant(slow, 0),
    },
    goals: goalsOf('slow store', name, said),
  }
})

const onDisk = each((name, make, { share, ...said }) => {
  const bytes = STATE_MB * 2 ** 20
  const onFiles = (stepMs, buffers) =>
    inScratchFolder((folder) =>
      run(make(), idleProblem(stepMs, bytes), fileStore({ directory: join(folder, 'run') }), buffers),
    )
  const inMemory = (stepMs, buffers) => run(make(), idleProblem(stepMs, bytes), memoryStore(), buffers)
  const least = async (way) => Math.min((await way(1, 0)).wall, (await way(1, 0)).wall)
  return {
    rounds: 2,
    /** The length of a step, from what waiting for each transfer costs with steps of a guessed length. */
    async prepare() {
      const transfers = (await least(onFiles)) - (await least(inMemory))
      return { stepMs: Math.max(0.05, transfers / share / counted(make()).steps) }
    },
    variants: {
      alone: ({ prepared: { stepMs } }) => inMemory(stepMs, 2),
      overlapped: ({ prepared: { stepMs } }) => onFiles(stepMs, 2),
      waited: ({ prepared: { stepMs } }) => onFiles(stepMs, 0),
    },
    goals: goalsOf('files', name, said),
  }
})

export const bench = {
  title: `wall time over computing alone; transfers take half of it, or as long\n(steps of ${STEP_MS} ms on the slow store; states of ${STATE_MB} MB in files)`,
  experiments: [...artificial, ...onDisk],
}
