/**
 * A step of an explicit Runge-Kutta method, its tangent, its adjoint and the derivative of the adjoint, for any tableau.
 *
 * With U the stages' states and k their slopes, λ the adjoint at the end of the step:
 *
 * ```
 * step      U[i] = u + h Σ a[i][j] k[j]        k[i] = f(U[i])          u' = u + h Σ b[i] k[i]
 * tangent   D[i] = d + h Σ a[i][j] l[j]        l[i] = f'(U[i]) D[i]    d' = d + h Σ b[i] l[i]       l includes the parameters' part
 * adjoint   w[i] = h (b[i] λ + Σ a[j][i] v[j]) v[i] = f'(U[i])ᵀ w[i]   λ  = λ + Σ v[i]              summed over j > i: last stage first
 * ```
 *
 * The gradient by the parameters is the sum of ∂f/∂p(U[i])ᵀ w[i]. The derivative of the adjoint follows from that of its formulas.
 */
import type { StateAndParams } from './linearized-model.js'
import type { CheckedRightHandSide, Place } from './right-hand-side.js'
import type { Tableau } from './tableaus.js'
import { linearCombination } from './trees.js'

/** A step that was taken: where its stages are, and where it led. */
export interface Stages<State> {
  readonly state: State
  readonly h: number
  readonly points: readonly { readonly state: State; readonly at: Place }[]
  readonly slopes: readonly State[]
}

export class Stepper<State, Params> {
  readonly #f: CheckedRightHandSide<State, Params>
  readonly #tableau: Tableau

  constructor(f: CheckedRightHandSide<State, Params>, tableau: Tableau) {
    this.#f = f
    this.#tableau = tableau
  }

  /** The step of size `h` from `u` at time `t`. */
  take(u: State, t: number, h: number, n: number): Stages<State> {
    const { a, b, c } = this.#tableau
    const points: { state: State; at: Place }[] = []
    const slopes: State[] = []
    for (let i = 0; i < b.length; i++) {
      const state = plusSlopes(u, h, a[i]!, slopes)
      const at = { n, t: t + c[i]! * h, stage: i }
      points.push({ state, at })
      slopes.push(this.#f.rhs(state, at))
    }
    return { state: plusSlopes(u, h, b, slopes), h, points, slopes }
  }

  /** Where a direction at the start of the step leads, and what it is at each stage. */
  push(
    { h, points }: Stages<State>,
    { state: d, params }: StateAndParams<State, Params>,
  ): { readonly state: State; readonly directions: readonly StateAndParams<State, Params>[] } {
    const { a, b } = this.#tableau
    const directions: StateAndParams<State, Params>[] = []
    const slopes: State[] = []
    for (const [i, { state, at }] of points.entries()) {
      const direction = { state: plusSlopes(d, h, a[i]!, slopes), params }
      directions.push(direction)
      slopes.push(this.#f.jvp(direction, state, at))
    }
    return { state: plusSlopes(d, h, b, slopes), directions }
  }

  /** The gradients by the state at the start and by the parameters, from the one by the state at the end. */
  pull(stages: Stages<State>, cotangent: State): StateAndParams<State, Params> {
    return this.#collect(cotangent, this.#reverse(stages, cotangent).pulled)
  }

  /** The derivative of `pull`, where the cotangent moves along `second` and the start of the step and the parameters along `direction`. */
  curve(
    stages: Stages<State>,
    second: State,
    cotangent: State,
    direction: StateAndParams<State, Params>,
  ): StateAndParams<State, Params> {
    const { directions } = this.push(stages, direction)
    const { cotangents } = this.#reverse(stages, cotangent)
    const { pulled } = this.#reverse(stages, second, (linear, i) => {
      const w = cotangents[i]
      if (w === undefined) return linear
      const { state, at } = stages.points[i]!
      const bent = this.#f.hvp(directions[i]!, w, state, at)
      return linear === undefined ? bent : this.#sum([linear, bent])
    })
    return this.#collect(second, pulled)
  }

  /** The stages backwards. What nothing depends on, such as a stage for the error alone, is left out. */
  #reverse(
    { h, points }: Stages<State>,
    cotangent: State,
    change: (
      pulled: StateAndParams<State, Params> | undefined,
      i: number,
    ) => StateAndParams<State, Params> | undefined = (pulled) => pulled,
  ) {
    const { a, b } = this.#tableau
    const cotangents: (State | undefined)[] = []
    const pulled: (StateAndParams<State, Params> | undefined)[] = []
    for (let i = b.length - 1; i >= 0; i--) {
      const factors = b[i] === 0 ? [] : [h * b[i]!]
      const terms = b[i] === 0 ? [] : [cotangent]
      for (let j = i + 1; j < b.length; j++) {
        const later = pulled[j]
        if (later === undefined || a[j]![i] === 0) continue
        factors.push(h * a[j]![i]!)
        terms.push(later.state)
      }
      const w = terms.length === 0 ? undefined : linearCombination(factors, terms)
      cotangents[i] = w
      const { state, at } = points[i]!
      pulled[i] = change(w === undefined ? undefined : this.#f.vjp(w, state, at), i)
    }
    return { cotangents, pulled }
  }

  #collect(
    cotangent: State,
    pulled: readonly (StateAndParams<State, Params> | undefined)[],
  ): StateAndParams<State, Params> {
    const parts = pulled.filter((it) => it !== undefined)
    const { state, params } = this.#sum(parts)
    return { state: linearCombination([1, 1], [cotangent, state]), params }
  }

  #sum(parts: readonly StateAndParams<State, Params>[]): StateAndParams<State, Params> {
    const ones = parts.map(() => 1)
    const state = linearCombination(
      ones,
      parts.map((it) => it.state),
    )
    if (this.#f.params === null) return { state, params: this.#f.params }
    return {
      state,
      params: linearCombination(
        ones,
        parts.map((it) => it.params),
      ),
    }
  }
}

/** u + h Σ weights[j] slopes[j]; slopes of weight 0 are left out. */
function plusSlopes<State>(u: State, h: number, weights: readonly number[], slopes: readonly State[]): State {
  const factors = [1]
  const terms = [u]
  for (let j = 0; j < slopes.length; j++) {
    if (weights[j] === 0) continue
    factors.push(h * weights[j]!)
    terms.push(slopes[j]!)
  }
  return linearCombination(factors, terms)
}
