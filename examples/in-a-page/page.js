// The page: starts the worker, shows what it says, and offers to resume what an earlier visit began.
import { readJournal } from '@checkpoint-schedules/storage-browser'
import { NAME } from './run-name.js'

const [bar, status, start, stop] = ['progress', '[role=status]', '#start', '#stop'].map((it) =>
  document.querySelector(it),
)
const steps = Number(new URLSearchParams(location.search).get('steps') ?? 4000)
let worker

const found = await readJournal(NAME).catch(() => undefined)
if (found?.last) {
  const { forwardEnded, position } = found.last
  status.textContent = forwardEnded
    ? `An earlier visit has reversed ${position.reversed} of ${position.steps} steps.`
    : 'An earlier visit has begun the forward.'
  start.textContent = 'Resume'
}

start.addEventListener('click', () => {
  worker ??= startWorker()
  worker.postMessage({ steps })
  running(true)
})
stop.addEventListener('click', () => worker.postMessage('stop'))

function startWorker() {
  const it = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
  it.addEventListener('message', ({ data: { progress, said, result } }) => {
    if (progress !== undefined) {
      bar.value = progress.fraction ?? 0
      const left =
        progress.remainingMs === undefined ? '' : `, ${Math.ceil(progress.remainingMs / 1000)} s left`
      status.textContent = `${progress.phase}${left}`
    } else running(false)
    if (said !== undefined) status.textContent = said
    if (result === undefined) return
    bar.value = 1
    const { misfit, norm, medium, kilobytes } = result
    status.textContent = `J = ${misfit}, |dJ/du| = ${norm}; at most ${kilobytes} kB of checkpoints in ${medium}`
    start.textContent = 'Start'
  })
  it.addEventListener('error', ({ message }) => {
    running(false)
    status.textContent = message
  })
  return it
}

function running(isRunning) {
  start.disabled = isRunning
  stop.disabled = !isRunning
}
