// One seed for a campaign; every case has numbers of its own, so that a single one can be repeated.

/** A function that gives a number in [0, 1) at each call. */
export function randomFrom(seed, index = 0) {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
}

export const below = (random, n) => Math.floor(random() * n)
export const pick = (random, list) => list[below(random, list.length)]
