/**
 * Second derivatives by an ordinary model: the state with its tangent forwards, the adjoint with its derivative backwards.
 *
 * ```
 * forward   u → step(u)              t → tangent(t) at u
 * reverse   g → adjoint(g) at u      h → curvature(h, g, t) at u
 * ```
 */
import { optionError } from '@checkpoint-schedules/core'
import { after, type Codec, type Model, treeCodec } from '@checkpoint-schedules/model'
import { pairCodec } from './pair-codec.js'

/** A state with its tangent. */
export interface StateAndTangent<State, Adjoint> {
  readonly u: State
  readonly t: Adjoint
}

/** A gradient with its derivative along the direction: the Hessian times the direction. */
export interface GradientAndHessian<Adjoint> {
  readonly g: Adjoint
  readonly h: Adjoint
}

/** The tape of a step, and the tangent before it. */
export interface TapeAndTangent<Tape, Adjoint> {
  readonly tape: Tape
  readonly t: Adjoint
}

/**
 * The model of the second derivatives of another model, which must have `tangent` and `curvature`. Run it with `runAdjoint` as any other:
 *
 * - `initialState`: `{ u, t }`, the state and the direction; the direction of parameters rides in `t`, as in a tangent.
 * - `terminalAdjoint`: `{ g, h }`, the objective's gradient at the final `u`, and its Hessian there times the final `t`.
 * - `adjoints[k]`: `{ g, h }`, the gradient, and the Hessian times the direction.
 *
 * Cost: a forward step is a `tape` and a `tangent`, a reverse step an `adjoint` and a `curvature`. Checkpoints hold state and tangent.
 *
 * @throws `INVALID_OPTION`: the model has no `tangent` or no `curvature`.
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { runAdjoint } from '@checkpoint-schedules/driver'
 * import { secondOrder } from '@checkpoint-schedules/steps'
 *
 * const square = {
 *   step: (x: number) => x * x,
 *   tape: (x: number) => ({ state: x * x, tape: x }),
 *   tangent: (d: number, x: number) => 2 * x * d,
 *   adjoint: (a: number, x: number) => 2 * x * a,
 *   curvature: (second: number, a: number, d: number, x: number) => 2 * x * second + 2 * d * a,
 * }
 * // x^8 at 1 after three steps; the objective is x itself, which has no second derivative.
 * const { adjoints } = await runAdjoint({
 *   schedule: multistage({ steps: 3, snapshotsInRam: 2 }),
 *   model: secondOrder(square),
 *   initialState: { u: 1, t: 1 },
 *   terminalAdjoint: { g: 1, h: 0 },
 * })
 * adjoints[0] // { g: 8, h: 56 }
 * ```
 */
export function secondOrder<State, Tape, Adjoint>(
  model: Model<State, Tape, Adjoint>,
): Model<StateAndTangent<State, Adjoint>, TapeAndTangent<Tape, Adjoint>, GradientAndHessian<Adjoint>> {
  for (const [name, is] of [
    ['tangent', 'tangent(tangent, tape, n), the derivative of its step'],
    ['curvature', 'curvature(second, adjoint, tangent, tape, n), the derivative of its adjoint'],
  ] as const)
    if (typeof model[name] !== 'function') throw optionError('secondOrder', `the model has no ${is}.`)
  const { codecs } = model
  const states = codecs?.state ?? (treeCodec as Codec<State>)
  const tapes = codecs?.tape ?? (treeCodec as Codec<Tape>)
  const vectors = codecs?.adjoint ?? (treeCodec as Codec<Adjoint>)
  return {
    step: ({ u, t }, n) =>
      after(model.tape(u, n), ({ state, tape }) =>
        after(model.tangent!(t, tape, n), (tangent) =>
          after(tapes.dispose?.(tape), () => ({ u: state, t: tangent })),
        ),
      ),
    tape: ({ u, t }, n) =>
      after(vectors.clone(t), (before) =>
        after(model.tape(u, n), ({ state, tape }) =>
          after(model.tangent!(t, tape, n), (tangent) => ({
            state: { u: state, t: tangent },
            tape: { tape, t: before },
          })),
        ),
      ),
    // First what needs the adjoint at the end of the step, which `adjoint` may overwrite.
    adjoint: ({ g, h }, { tape, t }, n) =>
      after(model.curvature!(h, g, t, tape, n), (second) =>
        after(model.adjoint(g, tape, n), (gradient) => ({ g: gradient, h: second })),
      ),
    ...(model.isDone && { isDone: ({ u }, n) => model.isDone!(u, n) }),
    ...(model.observe && { observe: ({ u }, n) => model.observe!(u, n) }),
    ...(model.observeAdjoint && { observeAdjoint: ({ g }, n, k) => model.observeAdjoint!(g, n, k) }),
    ...(codecs && {
      codecs: {
        state: pairCodec(['u', 't'], states, vectors),
        tape: pairCodec(['tape', 't'], tapes, vectors),
        adjoint: pairCodec(['g', 'h'], vectors, vectors),
      },
    }),
    ...(model.fingerprint !== undefined && { fingerprint: `second order of ${model.fingerprint}` }),
  }
}
