// What the driver adds to each step, beside a hand-written loop that does the same steps of the same schedule.
import { singleMemory } from '@checkpoint-schedules/basic'
import { memoryStore, runAdjoint, treeCodec } from '@checkpoint-schedules/driver'
import { burgers1d } from '@checkpoint-schedules/models'
import { multistage } from '@checkpoint-schedules/multistage'
import { best, ratio, table } from './measure.mjs'

const noop = {
  model: {
    step: (state) => state,
    tape: (state) => ({ state, tape: 0 }),
    adjoint: (adjoint) => adjoint,
  },
  initialState: 0,
  terminalAdjoint: 0,
}

// The least a loop can do: the schedule's actions carried out with arrays and maps, without checks, counts or turns.
function byHand(schedule, { model, initialState, terminalAdjoint }, steps) {
  const checkpoints = new Map()
  let state = treeCodec.clone(initialState)
  let adjoint
  let tapes = []
  for (const action of schedule.start({ steps })) {
    switch (action.type) {
      case 'Forward': {
        const end = Math.min(action.n1, steps)
        if (action.writeAdjDeps) {
          for (let n = action.n0; n < end; n++) {
            const taped = model.tape(state, n)
            state = taped.state
            tapes[n] = taped.tape
          }
        } else {
          if (action.writeIcs) checkpoints.set(action.n0, treeCodec.clone(state))
          for (let n = action.n0; n < end; n++) state = model.step(state, n)
        }
        break
      }
      case 'Reverse':
        adjoint ??=
          typeof terminalAdjoint === 'function' ? terminalAdjoint(state, 0) : treeCodec.clone(terminalAdjoint)
        for (let n = action.n1 - 1; n >= action.n0; n--) adjoint = model.adjoint(adjoint, tapes[n], n)
        if (action.n1 - action.n0 === 1) tapes = []
        break
      case 'Copy':
        state = treeCodec.clone(checkpoints.get(action.n))
        break
      case 'Move':
        state = checkpoints.get(action.n)
        checkpoints.delete(action.n)
    }
  }
  return adjoint
}

const rows = []
async function compare(name, schedule, problem, steps) {
  const run = () => runAdjoint({ schedule, ...problem, steps, stores: { DISK: memoryStore() } })
  const { statistics } = await run()
  const done = statistics.forwardSteps + statistics.adjointSteps
  const [hand, driver] = await best([() => byHand(schedule, problem, steps), run])
  const ns = (time) => ((time / done) * 1e6).toFixed(0)
  rows.push([name, ns(hand), ns(driver), (((driver - hand) / done) * 1e6).toFixed(0), ratio(driver / hand)])
}

const N = 20_000
await compare('no-op, multistage with 50', multistage({ steps: N, snapshotsInRam: 50 }), noop, N)
await compare('no-op, multistage with 3', multistage({ steps: 2000, snapshotsInRam: 3 }), noop, 2000)
await compare('no-op, singleMemory', singleMemory(), noop, N)
for (const points of [100, 1000, 10_000]) {
  const problem = burgers1d({ points })
  const steps = points > 1000 ? 1000 : 5000
  await compare(
    `burgers1d, ${points} points, multistage with 20`,
    multistage({ steps, snapshotsInRam: 20 }),
    problem,
    steps,
  )
}
table(
  'Driver overhead per step (forward and adjoint)',
  ['', 'loop ns', 'driver ns', 'more ns', 'driver / loop'],
  rows,
)
