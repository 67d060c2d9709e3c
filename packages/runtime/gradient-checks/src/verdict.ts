/** What a test of a gradient concludes. */

/**
 * `passed`: what was compared agrees. `wrong`: it does not. `undecided`: the numbers do not decide, which is not a pass.
 *
 * The Taylor test has a fourth, `exact`: the function is linear along the direction, and the gradient agrees with it to rounding.
 */
export type Verdict = 'passed' | 'wrong' | 'undecided'
