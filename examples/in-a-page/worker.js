// The worker: the run, told to start and to stop by the page.
import { runAdjoint } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { bestJournal } from '@checkpoint-schedules/storage-browser'
import { heat } from './heat.js'
import { NAME } from './run-name.js'

let controller

addEventListener('message', ({ data }) => {
  if (data === 'stop') controller?.abort(new Error('Stopped; press Start to resume.'))
  else void run(data.steps)
})

async function run(steps) {
  controller = new AbortController()
  const { model, initialState, misfit, misfitGradient } = heat({ cells: 50_000 })
  try {
    const { finalState, adjoints, statistics } = await runAdjoint({
      schedule: multistage({ steps, snapshotsInRam: 4, snapshotsOnDisk: 40 }),
      model,
      initialState,
      terminalAdjoint: misfitGradient,
      journal: await bestJournal(NAME, { everySeconds: 2 }),
      signal: controller.signal,
      onProgress: (progress) => postMessage({ progress }),
    })
    const { peakBytes } = statistics.storages.DISK
    const result = {
      misfit: misfit(finalState).toPrecision(12),
      norm: Math.hypot(...adjoints[0].filter((_, i) => i % 50 === 0)).toPrecision(12),
      kilobytes: Math.round(peakBytes / 1000),
    }
    postMessage({ result })
  } catch (error) {
    postMessage({ stopped: error.message })
  }
}
