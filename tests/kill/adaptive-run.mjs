// An adaptive run with a journal, as a process of its own: `node adaptive-run.mjs DIRECTORY [DIE_AT]`. It kills itself at the DIE_AT-th
// call of the model. Prints what the journal says, then the results, as JSON lines.
import { runAdjoint } from '@checkpoint-schedules/driver'
import { online } from '@checkpoint-schedules/online'
import { fileJournal } from '@checkpoint-schedules/storage-fs'
import { vanDerPol } from '../../examples/adaptive/van-der-pol.mjs'

const [directory, dieAt = 'Infinity'] = process.argv.slice(2)
const { model, initialState, terminalAdjoint } = vanDerPol({ until: 4, tolerance: 1e-6 })
let calls = 0
const dying = (work) => (value, n) => {
  calls += 1
  if (calls === Number(dieAt)) process.kill(process.pid, 'SIGKILL')
  return work(value, n)
}
const say = (value) => console.log(JSON.stringify(value))
const { finalState, adjoints, statistics } = await runAdjoint({
  schedule: online({ snapshots: 6 }),
  model: { ...model, step: dying(model.step), tape: dying(model.tape) },
  initialState,
  terminalAdjoint,
  journal: fileJournal(directory, { everySteps: 20, takeOver: true }),
  onEvent: ({ type, message }) => say({ type, message }),
})
const bits = (values) => Buffer.from(Float64Array.from(values).buffer).toString('hex')
const { u, time } = finalState
say({
  final: bits([...u, time]),
  adjoint: bits([...adjoints[0].state, adjoints[0].params]),
  steps: statistics.steps,
  forwardSteps: statistics.forwardSteps,
  calls,
})
