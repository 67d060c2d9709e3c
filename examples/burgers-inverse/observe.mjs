/** A wave that steepens, u_t + u u_x = ν u_xx on 0 < x < 1, and noisy observations of it, made on a finer grid with shorter steps. */

export const trueViscosity = 0.01
export const noise = 0.02
/** Time between two observations. */
export const interval = 0.03

const wave = (x) =>
  Math.sin(2 * Math.PI * x) + 0.4 * Math.sin(5 * Math.PI * x) * Math.exp(-20 * (x - 0.6) ** 2)

/** `rows[k]` has every fourth of the points of a coarse grid, `intervals` times; `initial` is the truth on the coarse grid. */
export function observe({ points, intervals, seed = 1 }) {
  const random = numbers(seed)
  const fine = 2 * points + 1
  const spacing = 1 / (fine + 1)
  let u = Float64Array.from({ length: fine }, (_, i) => wave((i + 1) * spacing))
  const initial = u.filter((_, i) => i % 2 === 1)
  const perInterval = 600
  const h = interval / perInterval
  const rows = [[]]
  for (let n = 1; n <= perInterval * intervals; n++) {
    u = u.map((now, i) => {
      const [left, right] = [u[i - 1] ?? 0, u[i + 1] ?? 0]
      const advected = (right ** 2 - left ** 2) / (4 * spacing)
      return now + h * ((trueViscosity * (right - 2 * now + left)) / spacing ** 2 - advected)
    })
    if (n % perInterval === 0)
      rows.push(u.filter((_, i) => i % 8 === 7).map((x) => x + noise * normal(random)))
  }
  return { points, intervals, initial, rows }
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
