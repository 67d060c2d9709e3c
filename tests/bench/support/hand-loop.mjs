// The least that a program written for one schedule would do: the same actions and the same necessary copies, with an array and a
// map, without checks, counts or turns of the event loop. The synchronous and the asynchronous loop differ in `await` only.
import { treeCodec } from '@checkpoint-schedules/driver'

const { clone } = treeCodec

/** Runs a synchronous model; returns the adjoint. */
export function handLoop(schedule, { model, initialState, terminalAdjoint }, steps) {
  const checkpoints = new Map()
  let tapes = []
  let state = clone(initialState)
  let adjoint
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
          if (action.writeIcs) checkpoints.set(action.n0, clone(state))
          for (let n = action.n0; n < end; n++) state = model.step(state, n)
        }
        break
      }
      case 'Reverse':
        adjoint ??= terminal(terminalAdjoint, state)
        for (let n = action.n1 - 1; n >= action.n0; n--) adjoint = model.adjoint(adjoint, tapes[n], n)
        if (action.n1 - action.n0 === 1) tapes = []
        break
      case 'Copy':
        state = clone(checkpoints.get(action.n))
        break
      case 'Move':
        state = checkpoints.get(action.n)
        checkpoints.delete(action.n)
    }
  }
  return adjoint
}

/** Runs an asynchronous model: awaits each of its steps, and nothing else. */
export async function asyncHandLoop(schedule, { model, initialState, terminalAdjoint }, steps) {
  const checkpoints = new Map()
  let tapes = []
  let state = clone(initialState)
  let adjoint
  for (const action of schedule.start({ steps })) {
    switch (action.type) {
      case 'Forward': {
        const end = Math.min(action.n1, steps)
        if (action.writeAdjDeps) {
          for (let n = action.n0; n < end; n++) {
            const taped = await model.tape(state, n)
            state = taped.state
            tapes[n] = taped.tape
          }
        } else {
          if (action.writeIcs) checkpoints.set(action.n0, clone(state))
          for (let n = action.n0; n < end; n++) state = await model.step(state, n)
        }
        break
      }
      case 'Reverse':
        adjoint ??= terminal(terminalAdjoint, state)
        for (let n = action.n1 - 1; n >= action.n0; n--) adjoint = await model.adjoint(adjoint, tapes[n], n)
        if (action.n1 - action.n0 === 1) tapes = []
        break
      case 'Copy':
        state = clone(checkpoints.get(action.n))
        break
      case 'Move':
        state = checkpoints.get(action.n)
        checkpoints.delete(action.n)
    }
  }
  return adjoint
}

const terminal = (given, state) => (typeof given === 'function' ? given(state, 0) : clone(given))
