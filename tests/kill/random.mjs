// Random numbers that can be had again.

/** A number from 0 to 1 at each call, the same ones for the same seed. */
export function randomFrom(seed) {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
