/** Driven pendulums, and what a sensor saw of them: angles with noise. The force is known; the law is not. */

/** The law: how the velocity changes without a force. */
const law = (x, v) => -4 * Math.sin(x) - 0.2 * v - 0.2 * v * Math.abs(v)

/** Seconds between two measurements. */
export const interval = 0.1
/** Their standard deviation, in rad. */
export const noise = 0.02

/** Some pendulums at rest, each with a force of its own, measured `intervals` times. */
export function measurePendulums({ count, intervals, seed = 1 }) {
  const random = numbers(seed)
  const sines = Array.from({ length: count }, () =>
    Array.from({ length: 3 }, () => ({ size: random(), rate: 0.3 + 2 * random(), phase: 7 * random() })),
  )
  /** The forces at a time, one for each pendulum. */
  const force = (time) =>
    Float32Array.from(sines, (of) =>
      of.reduce((sum, { size, rate, phase }) => sum + size * Math.sin(rate * time + phase), 0),
    )
  const angles = motion(law, force, { count, intervals })
  return {
    count,
    intervals,
    force,
    angles,
    measured: angles.map((row) => row.map((x) => x + noise * normal(random))),
  }
}

/** The angles of pendulums that obey `law`, at each multiple of the interval. */
export function motion(law, force, { count, intervals }) {
  const [parts, h] = [20, interval / 20]
  const [x, v] = [new Float64Array(count), new Float64Array(count)]
  const rows = [Float32Array.from(x)]
  for (let n = 0; n < parts * intervals; n++) {
    const f = force((n + 0.5) * h)
    for (let i = 0; i < count; i++) {
      // The midpoint rule.
      const [xm, vm] = [x[i] + (h / 2) * v[i], v[i] + (h / 2) * (law(x[i], v[i]) + f[i])]
      x[i] += h * vm
      v[i] += h * (law(xm, vm) + f[i])
    }
    if ((n + 1) % parts === 0) rows.push(Float32Array.from(x))
  }
  return rows
}

/** The root of the mean squared difference. */
export function rootMeanSquare(a, b) {
  let [sum, count] = [0, 0]
  for (const [k, row] of a.entries())
    for (const [i, x] of row.entries()) [sum, count] = [sum + (x - b[k][i]) ** 2, count + 1]
  return Math.sqrt(sum / count)
}

/** Numbers from 0 to 1, the same in each run. */
function numbers(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const normal = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
