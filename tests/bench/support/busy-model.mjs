// A model whose steps take a chosen time and whose state has a chosen size. The time is a count of arithmetic operations, so that
// all who run the model do the same work; they are counted for this machine beforehand.

function work(x, count) {
  for (let i = 0; i < count; i++) x = x * 0.999 + 0.1
  return x
}

/** How many operations take a microsecond: the most of several tries. */
export function countPerMicrosecond() {
  const count = 1e6
  let least = Infinity
  let x = 1
  for (let i = 0; i < 25; i++) {
    const started = performance.now()
    x = work(x, count)
    least = Math.min(least, performance.now() - started)
  }
  if (!(x > 0)) throw new Error('The loop that is measured must do its work.')
  return Math.round(count / (least * 1000))
}

/** A problem with steps of `count` operations and a state of `bytes`, which every step changes in place. */
export function busyProblem(count, bytes) {
  const change = (array) => {
    array[0] = work(array[0], count)
    return array
  }
  return {
    model: {
      step: (state) => change(state),
      tape: (state) => ({ state: change(state), tape: 0 }),
      adjoint: (adjoint) => change(adjoint),
    },
    initialState: new Float64Array(bytes / 8).fill(1),
    terminalAdjoint: new Float64Array(bytes / 8).fill(1),
  }
}

/** The same model with every function asynchronous. */
export function asynchronous({ model: { step, tape, adjoint }, ...problem }) {
  return {
    ...problem,
    model: {
      step: async (state) => step(state),
      tape: async (state) => tape(state),
      adjoint: async (value) => adjoint(value),
    },
  }
}
