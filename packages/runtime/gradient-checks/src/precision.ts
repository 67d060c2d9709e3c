/** What the tests assume of the numbers that they see. */

/**
 * `epsilon`: one unit in the last place of 1. `units`: that many of what was subtracted make a remainder of the Taylor test rounding.
 * `h`: its largest step, relative. The tolerances are those of the two tests.
 */
interface Precision {
  readonly epsilon: number
  readonly units: number
  readonly h: number
  readonly taylorTolerance: number
  readonly dotProductTolerance: number
}

export const DOUBLE: Precision = {
  epsilon: 2 ** -52,
  units: 16,
  h: 0.002,
  taylorTolerance: 1e-5,
  dotProductTolerance: 1e-10,
}

export const SINGLE: Precision = {
  epsilon: 2 ** -23,
  units: 4,
  h: 0.05,
  taylorTolerance: 1e-2,
  dotProductTolerance: 1e-4,
}
