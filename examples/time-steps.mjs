/** When each step begins and how long it is. Steps land on every multiple of `interval`, where something was measured. */

/** Steps of one size. */
export function equalSteps({ interval, perInterval }) {
  return {
    at: (n) => ({
      time: (n * interval) / perInterval,
      size: interval / perInterval,
      ...((n + 1) % perInterval === 0 && { measurement: (n + 1) / perInterval }),
    }),
  }
}

/**
 * Steps whose sizes are chosen on the way: nobody knows how many it takes. Sizes are halves, quarters … of the interval, so that sums are
 * exact. They are kept by n: a step that is taken again finds its own.
 */
export function chosenSteps({ interval, intervals }) {
  const times = [0] // in intervals
  return {
    at(n) {
      const [time, next = time] = times.slice(n, n + 2)
      const hasLanded = Number.isInteger(next)
      return {
        time: time * interval,
        size: (next - time) * interval,
        ...(hasLanded && { measurement: next }),
      }
    },
    /** Whether the end is reached before step n; if not, step n gets a size of at most `bound`. */
    isAtEnd(n, bound) {
      if (!(bound > 1e-6 * interval)) throw new Error(`step ${n}: a time step of ${bound} leads nowhere.`)
      times.length = n + 1 // of an earlier run
      if (times[n] >= intervals) return true
      let size = 1
      while (size * interval > bound || times[n] % size !== 0) size /= 2
      times.push(times[n] + size)
      return false
    },
  }
}
