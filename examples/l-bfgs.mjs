/**
 * L-BFGS (Nocedal and Wright, Numerical Optimization, 2006, algorithm 7.4) with a line search for the weak Wolfe conditions: the step is
 * doubled until it is long enough, and bisected once it has been too long.
 *
 * Packages that are on npm call the function and use its result at once; a gradient that may wait for files, a GPU or a worker is a promise.
 */

/** Sufficient decrease, and how much of the slope may remain. */
const [DECREASE, SLOPE] = [1e-4, 0.9]

/**
 * Minimises a function of numbers from `start`.
 *
 * @param f - From a Float64Array to a promise of `{ value, gradient }`.
 * @param options.onIteration - Given `{ iteration, evaluations, x, value }`; if it returns true, the search ends.
 */
export async function minimize(f, start, { memory = 10, iterations = 100, onIteration = () => false } = {}) {
  let evaluations = 1
  let at = { x: start, ...(await f(start)) }
  const pairs = []
  for (let iteration = 0; ; iteration++) {
    const isEnd = onIteration({ iteration, evaluations, x: at.x, value: at.value })
    if (isEnd || iteration === iterations) break
    const direction = quasiNewton(at.gradient, pairs)
    const next = await lineSearch(at, direction)
    if (next === undefined) break
    const pair = { s: minus(next.x, at.x), y: minus(next.gradient, at.gradient) }
    pairs.push({ ...pair, curvature: dot(pair.s, pair.y) })
    if (pairs.length > memory) pairs.shift()
    at = next
  }
  return { ...at, evaluations }

  /** `undefined` if no step is good: rounding errors have the last word. */
  async function lineSearch({ x, value, gradient }, direction) {
    const slope = dot(gradient, direction)
    let [low, high] = [0, Infinity]
    for (let size = 1, tries = 0; tries < 30; tries++) {
      const there = x.map((it, i) => it + size * direction[i])
      const made = { x: there, ...(await f(there)) }
      evaluations++
      // Also if the value is not a number.
      if (!(made.value <= value + DECREASE * size * slope)) high = size
      else if (dot(made.gradient, direction) < SLOPE * slope) low = size
      else return made
      size = high === Infinity ? 2 * low : (low + high) / 2
    }
    return undefined
  }
}

/** Minus the approximate inverse Hessian times the gradient; without pairs a short way down the slope. */
function quasiNewton(gradient, pairs) {
  const d = gradient.map((it) => -it)
  const factors = []
  for (const { s, y, curvature } of pairs.toReversed()) {
    const factor = dot(s, d) / curvature
    factors.unshift(factor)
    subtract(d, factor, y)
  }
  const last = pairs.at(-1)
  const scale =
    last === undefined ? 1 / Math.sqrt(dot(gradient, gradient)) : last.curvature / dot(last.y, last.y)
  for (let i = 0; i < d.length; i++) d[i] *= scale
  for (const [k, { s, y, curvature }] of pairs.entries()) subtract(d, dot(y, d) / curvature - factors[k], s)
  return d
}

function subtract(d, factor, vector) {
  for (let i = 0; i < d.length; i++) d[i] -= factor * vector[i]
}
const dot = (a, b) => a.reduce((sum, it, i) => sum + it * b[i], 0)
const minus = (a, b) => a.map((it, i) => it - b[i])
