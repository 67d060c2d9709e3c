// The page: starts the worker, shows what it says, and offers to resume what an earlier visit began.
import { readJournal } from '@checkpoint-schedules/storage-browser'
import { NAME } from './run-name.js'

const [bar, status, start, stop] = ['progress', '[role=status]', '#start', '#stop'].map((it) =>
  document.querySelector(it),
)
const steps = Number(new URLSearchParams(location.search).get('steps') ?? 4000)
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })

start.addEventListener('click', () => {
  worker.postMessage({ steps })
  showRunning(true)
})
stop.addEventListener('click', () => worker.postMessage('stop'))

worker.addEventListener('message', ({ data: { progress, stopped, result } }) => {
  if (progress !== undefined) return showProgress(progress)
  showRunning(false)
  start.textContent = stopped === undefined ? 'Start' : 'Resume'
  status.textContent = stopped ?? describe(result)
})
worker.addEventListener('error', ({ message }) => {
  showRunning(false)
  status.textContent = message
})

const found = await readJournal(NAME).catch(() => undefined)
if (found?.last) {
  const { forwardEnded, position } = found.last
  status.textContent = forwardEnded
    ? `An earlier visit has reversed ${position.reversed} of ${position.steps} steps.`
    : 'An earlier visit has begun the forward.'
  start.textContent = 'Resume'
}

function showProgress({ phase, fraction = 0, remainingMs }) {
  bar.value = fraction
  const left = remainingMs === undefined ? '' : `, ${Math.ceil(remainingMs / 1000)} s left`
  status.textContent = phase + left
}

function showRunning(isRunning) {
  start.disabled = isRunning
  stop.disabled = !isRunning
}

function describe({ misfit, norm, kilobytes }) {
  bar.value = 1
  return `J = ${misfit}, |dJ/du| = ${norm}; at most ${kilobytes} kB of checkpoints outside memory`
}
