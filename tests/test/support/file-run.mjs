// One adjoint run with its checkpoints in files, as a process of its own: `node file-run.mjs DIRECTORY STEP_MS`. Prints `ready` after
// the first write, and at the end what came of it, as JSON.
import { runAdjoint } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { fileStore } from '@checkpoint-schedules/storage-fs'

const [directory, stepMs] = process.argv.slice(2)
const steps = 40
const take = (u) => u.map((x) => x - 0.01 * x * x)
const pause = () => new Promise((resolve) => setTimeout(resolve, Number(stepMs)))
let isReady = false

const model = {
  async step(u, n) {
    if (n > 8 && !isReady) {
      isReady = true
      console.log('ready')
    }
    if (Number(stepMs) > 0) await pause()
    return take(u)
  },
  tape: (u) => ({ state: take(u), tape: u }),
  adjoint: (a, u) => a.map((x, i) => x * (1 - 0.02 * u[i])),
}
try {
  const { adjoints } = await runAdjoint({
    schedule: multistage({ steps, snapshotsInRam: 1, snapshotsOnDisk: 4 }),
    model,
    initialState: new Float64Array(50_000).fill(1),
    terminalAdjoint: new Float64Array(50_000).fill(1),
    stores: { DISK: fileStore({ directory }) },
  })
  console.log(JSON.stringify({ gradient: adjoints[0][0] }))
} catch (error) {
  const { code, message, cause } = error
  console.log(JSON.stringify({ code, message, cause: cause?.code }))
}
