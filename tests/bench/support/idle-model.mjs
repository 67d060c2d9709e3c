// A model whose steps only take time, by the clock, and a store whose transfers only take time.

/** A problem with steps of `ms`, and a state of `bytes` that is carried along. */
export function idleProblem(ms, bytes) {
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

/** A store in memory, each transfer of which takes `ms`. */
export function slowStore(ms, pause = () => new Promise((resolve) => setTimeout(resolve, ms))) {
  return {
    medium: 'slow',
    open({ codecs }) {
      const held = new Map()
      return {
        put: async ({ step }, value) => (await pause(), held.set(step, value), undefined),
        get: async ({ step, kind }) => (await pause(), codecs[kind].clone(held.get(step))),
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

/** The same, one transfer after another, as on a device that works by itself. */
export function serialStore(ms) {
  let free = 0
  const transfer = () => {
    free = Math.max(free, performance.now()) + ms
    return new Promise((resolve) => setTimeout(resolve, free - performance.now()))
  }
  return slowStore(0, transfer)
}
