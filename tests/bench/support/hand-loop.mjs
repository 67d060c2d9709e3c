// The least that a program written for one schedule would do: the same actions and the same necessary copies, with an array and a
// map, without checks, counts or turns of the event loop. The final state and the adjoint are copies, too: the model may have kept what
// it returned, and the next run would overwrite it. The synchronous and the asynchronous loop differ in `await` only.
import { treeCodec } from '@checkpoint-schedules/driver'

const { clone } = treeCodec

/** Each copy is a new array. */
const fresh = { clone, release: () => undefined }

/** Copies go into arrays that the loop has given up; the model must change its state in place and keep none. */
export function reusing() {
  const free = []
  const copy = (source) => {
    const target = free.pop()
    if (target === undefined) return clone(source)
    target.set(source)
    return target
  }
  return { clone: copy, release: (state) => free.push(state) }
}

/** Runs a synchronous model. */
export function handLoop(
  schedule,
  { model, initialState, terminalAdjoint },
  steps,
  { clone, release } = fresh,
) {
  const checkpoints = new Map()
  let tapes = []
  let state = clone(initialState)
  let adjoint
  let finalState
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
      case 'EndForward':
        finalState = treeCodec.clone(state)
        break
      case 'Reverse':
        adjoint ??= terminal(terminalAdjoint, state)
        for (let n = action.n1 - 1; n >= action.n0; n--) adjoint = model.adjoint(adjoint, tapes[n], n)
        if (action.n1 - action.n0 === 1) tapes = []
        break
      case 'Copy':
        release(state)
        state = clone(checkpoints.get(action.n))
        break
      case 'Move':
        release(state)
        state = checkpoints.get(action.n)
        checkpoints.delete(action.n)
    }
  }
  return { finalState, adjoint: treeCodec.clone(adjoint) }
}

/** Runs an asynchronous model: awaits each of its steps, and nothing else. */
export async function asyncHandLoop(schedule, { model, initialState, terminalAdjoint }, steps) {
  const checkpoints = new Map()
  let tapes = []
  let state = clone(initialState)
  let adjoint
  let finalState
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
      case 'EndForward':
        finalState = treeCodec.clone(state)
        break
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
  return { finalState, adjoint: treeCodec.clone(adjoint) }
}

const terminal = (given, state) => (typeof given === 'function' ? given(state, 0) : clone(given))
