// How much of a slow store's time hides behind computing: wall time over the time of computing alone (checkpoints in memory), with two
// buffers and without (each transfer waited for). Once with an artificial store, whose transfers take a fixed time; once with files
// on this machine's disk, where the steps are as long as gives the transfers, as measured, their share.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { singleDisk } from '@checkpoint-schedules/basic'
import { memoryStore, runAdjoint } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { hRevolve } from '@checkpoint-schedules/revolve'
import { simulate } from '@checkpoint-schedules/simulator'
import { fileStore } from '@checkpoint-schedules/storage-fs'
import { best, ratio, table } from './measure.mjs'

const steps = 120
const shares = [
  [0.5, 'half of'],
  [1, 'as long as'],
]
const schedules = {
  singleDisk: singleDisk({ moveData: true }),
  'multistage, 4 + 12': multistage({ steps, snapshotsInRam: 4, snapshotsOnDisk: 12 }),
  'hRevolve, 4 + 12': hRevolve({ steps, snapshotsInRam: 4, snapshotsOnDisk: 12 }),
}

/** A model whose steps do nothing for `ms`, and carry `bytes` along. */
function idleModel(ms, bytes) {
  const compute = () => {
    const until = performance.now() + ms
    while (performance.now() < until);
  }
  return {
    initialState: new Float64Array(bytes / 8),
    terminalAdjoint: 0,
    model: {
      step: (x) => (compute(), x),
      tape: (x) => (compute(), { state: x, tape: x }),
      adjoint: (a) => (compute(), a),
    },
  }
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

function run(schedule, problem, DISK, buffers) {
  return () => runAdjoint({ ...problem, schedule, steps, stores: { DISK: DISK() }, buffers })
}

async function artificial() {
  const step = 3
  const problem = idleModel(step, 8)
  const rows = []
  for (const [name, schedule] of Object.entries(schedules)) {
    const { forwardSteps, adjointSteps, writes, reads } = simulate(schedule, { steps })
    const transfers = writes.DISK + reads.DISK
    for (const [share, said] of shares) {
      const delay = (share * step * (forwardSteps + adjointSteps)) / transfers
      const slow = () => slowStore(delay)
      const [alone, overlapped, waited] = await best(
        [
          run(schedule, problem, memoryStore, 2),
          run(schedule, problem, slow, 2),
          run(schedule, problem, slow, 0),
        ],
        2,
      )
      const cells = [transfers, `${delay.toFixed(1)} ms`, ratio(overlapped / alone), ratio(waited / alone)]
      rows.push([`${name}, I/O ${said} computing`, ...cells])
    }
  }
  table(
    `A slow store, steps of ${step} ms: wall time to computing alone`,
    ['', 'transfers', 'each', 'two buffers', 'waiting'],
    rows,
  )
}

async function onDisk(bytes) {
  const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
  const files = () => fileStore({ directory: join(folder, 'run') })
  const rows = []
  try {
    for (const [name, schedule] of Object.entries(schedules)) {
      const { forwardSteps, adjointSteps, writes, reads } = simulate(schedule, { steps })
      // The time of the transfers: what waiting for each of them costs, beside steps of a guessed length.
      const guess = idleModel(2, bytes)
      const [inMemory, transferred] = await best(
        [run(schedule, guess, memoryStore, 0), run(schedule, guess, files, 0)],
        3,
      )
      for (const [share, said] of shares) {
        const step = (transferred - inMemory) / share / (forwardSteps + adjointSteps)
        const problem = idleModel(step, bytes)
        const [alone, overlapped, waited] = await best(
          [
            run(schedule, problem, memoryStore, 2),
            run(schedule, problem, files, 2),
            run(schedule, problem, files, 0),
          ],
          3,
        )
        const transfers = writes.DISK + reads.DISK
        const cells = [transfers, `${step.toFixed(2)} ms`, ratio(overlapped / alone), ratio(waited / alone)]
        rows.push([`${name}, I/O ${said} computing`, ...cells])
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  table(
    `Files, states of ${bytes / 2 ** 20} MB: wall time to computing alone`,
    ['', 'transfers', 'a step', 'two buffers', 'waiting'],
    rows,
  )
}

await artificial()
await onDisk(4 * 2 ** 20)
