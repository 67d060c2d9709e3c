// How much of a slow store's time hides behind computing: wall time over the time of computing alone, with two buffers and without
// (each transfer waited for). The store is artificial: each transfer takes a fixed time.
import { singleDisk } from '@checkpoint-schedules/basic'
import { memoryStore, runAdjoint } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { hRevolve } from '@checkpoint-schedules/revolve'
import { simulate } from '@checkpoint-schedules/simulator'
import { best, ratio, table } from './measure.mjs'

const STEP = 3 // ms of each forward and adjoint step
const steps = 120

function compute() {
  const until = performance.now() + STEP
  while (performance.now() < until);
}

const model = {
  step: (x) => (compute(), x + 1),
  tape: (x) => (compute(), { state: x + 1, tape: x }),
  adjoint: (a) => (compute(), a),
}

function slowStore(ms) {
  const pause = () => new Promise((resolve) => setTimeout(resolve, ms))
  return {
    medium: 'slow',
    open() {
      const held = new Map()
      return {
        put: async ({ step }, value) => (await pause(), held.set(step, value), undefined),
        get: async ({ step }) => (await pause(), held.get(step)),
        async take({ step }) {
          await pause()
          const value = held.get(step)
          held.delete(step)
          return value
        },
        delete: ({ step }) => void held.delete(step),
        keys: () => [],
        flush() {},
        clear: () => held.clear(),
        close() {},
      }
    },
  }
}

const rows = []
const schedules = {
  singleDisk: singleDisk({ moveData: true }),
  'multistage, 4 + 12': multistage({ steps, snapshotsInRam: 4, snapshotsOnDisk: 12 }),
  'hRevolve, 4 + 12': hRevolve({ steps, snapshotsInRam: 4, snapshotsOnDisk: 12 }),
}
for (const [name, schedule] of Object.entries(schedules)) {
  const { forwardSteps, adjointSteps, writes, reads } = simulate(schedule, { steps })
  const transfers = writes.DISK + reads.DISK
  const run = (DISK, buffers) => () =>
    runAdjoint({ schedule, model, initialState: 0, terminalAdjoint: 0, steps, stores: { DISK }, buffers })
  for (const share of [0.5, 1]) {
    const delay = (share * STEP * (forwardSteps + adjointSteps)) / transfers
    const [alone, overlapped, waited] = await best(
      [run(memoryStore(), 2), run(slowStore(delay), 2), run(slowStore(delay), 0)],
      2,
    )
    const cells = [transfers, `${delay.toFixed(1)} ms`, ratio(overlapped / alone), ratio(waited / alone)]
    rows.push([`${name}, I/O ${share === 1 ? 'as long as' : 'half of'} computing`, ...cells])
  }
}
table(
  `A slow store, steps of ${STEP} ms: wall time to computing alone`,
  ['', 'transfers', 'each', 'two buffers', 'waiting'],
  rows,
)
