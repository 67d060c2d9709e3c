/** Explicit Runge-Kutta methods as data. */
import { optionError, show } from '@checkpoint-schedules/core'

/**
 * The Butcher tableau of an explicit method: stage i is `k[i] = f(u + h Σ a[i][j] k[j], t + c[i] h)`, summed over j < i; the step is
 * `u + h Σ b[i] k[i]`.
 */
export interface Tableau {
  readonly name: string
  /** Row i has i numbers. */
  readonly a: readonly (readonly number[])[]
  readonly b: readonly number[]
  readonly c: readonly number[]
  /** The order of convergence. */
  readonly order: number
  /** The weights of a second method with the same stages, whose order is lower by 1: the difference of the two is the error's size. */
  readonly embedded?: readonly number[]
}

/**
 * The methods that have functions of their own, and Euler's.
 *
 * - `euler`: order 1.
 * - `heun`: order 2, the explicit trapezoidal rule.
 * - `rk4`: order 4, the classical method (W. Kutta, Zeitschrift für Mathematik und Physik 46 (1901) 435-453).
 * - `bogackiShampine`: order 3 with an embedded method of order 2 (P. Bogacki and L. F. Shampine, A 3(2) pair of Runge-Kutta formulas,
 *   Applied Mathematics Letters 2 (1989) 321-325).
 *
 * @example
 * ```ts
 * import { tableaus } from '@checkpoint-schedules/steps'
 *
 * tableaus.heun.b // [ 0.5, 0.5 ]
 * ```
 */
export const tableaus = {
  euler: { name: 'euler', a: [[]], b: [1], c: [0], order: 1 },
  heun: { name: 'heun', a: [[], [1]], b: [1 / 2, 1 / 2], c: [0, 1], order: 2 },
  rk4: {
    name: 'rk4',
    a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
    b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
    c: [0, 1 / 2, 1 / 2, 1],
    order: 4,
  },
  bogackiShampine: {
    name: 'bogackiShampine',
    a: [[], [1 / 2], [0, 3 / 4], [2 / 9, 1 / 3, 4 / 9]],
    b: [2 / 9, 1 / 3, 4 / 9, 0],
    c: [0, 1 / 2, 3 / 4, 1],
    order: 3,
    embedded: [7 / 24, 1 / 4, 1 / 3, 1 / 8],
  },
} as const satisfies Record<string, Tableau>

/** @throws `INVALID_OPTION`: the tableau is not that of an explicit method. */
export function checkTableau(call: string, tableau: Tableau): void {
  const { a, b, c, embedded = b } = tableau
  const refuse = (sentence: string) => optionError(call, sentence, { tableau })
  if (![a, b, c, embedded].every(Array.isArray))
    throw refuse(`the tableau must have the lists a, b and c; got ${show(tableau)}.`)
  const stages = b.length
  if (a.length !== stages || c.length !== stages || embedded.length !== stages || stages === 0)
    throw refuse(
      `the tableau must have as many rows in a as numbers in b, c and embedded; got ${a.length}, ${stages}, ${c.length} and ${embedded.length}.`,
    )
  const checkNumbers = (what: string, values: readonly unknown[]) => {
    const at = Array.from(values).findIndex((it) => !Number.isFinite(it))
    if (at !== -1) throw refuse(`${what}[${at}] must be a finite number; got ${show(values[at])}.`)
  }
  for (const [name, values] of Object.entries({ b, c, embedded }))
    checkNumbers(`the tableau's ${name}`, values)
  for (const [i, row] of a.entries()) {
    if (!Array.isArray(row) || row.length !== i)
      throw refuse(
        `row ${i} of the tableau's a must have ${i} numbers, those left of the diagonal; got ${show(row)}. Implicit methods are not supported.`,
      )
    checkNumbers(`the tableau's a[${i}]`, row)
    if (!(Math.abs(sum(row) - c[i]!) <= 1e-12))
      throw refuse(`row ${i} of the tableau's a must add up to c[${i}] = ${c[i]}; got ${sum(row)}.`)
  }
  for (const [name, weights] of Object.entries({ b, embedded }))
    if (!(Math.abs(sum(weights) - 1) <= 1e-12))
      throw refuse(`the tableau's ${name} must add up to 1; got ${sum(weights)}.`)
  if (!Number.isSafeInteger(tableau.order) || tableau.order < 1)
    throw refuse(`the tableau's order must be an integer >= 1; got ${show(tableau.order)}.`)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, it) => total + it, 0)
}
