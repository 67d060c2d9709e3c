/**
 * What TensorFlow.js has recorded of its operations, put right for derivatives of derivatives.
 *
 * An operation such as `exp` keeps a copy of its result for its gradient, and that copy is recorded **before** the operation:
 *
 * ```
 * copy = identity(y)     y = exp(x)     …     w · copy
 *                    ^ at this place nothing is known to depend on x
 * ```
 *
 * As the records are read in order, the copy looks like a constant, and its derivative is lost without a word. Sorted, they are right.
 */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { Tensor } from '@tensorflow/tfjs-core'

/** A record, as far as it matters here. */
export interface TapeNode {
  readonly kernelName: string
  inputs: { readonly [name: string]: Tensor }
  readonly outputs: readonly Tensor[]
  /** Copies for the gradient. */
  readonly saved?: readonly Tensor[]
}

/**
 * Puts each record after those of its inputs, and cuts comparisons off: a truth value has the derivative 0.
 *
 * @param xs - What will be differentiated by.
 * @throws `INVALID_VALUE`: something depends on `xs` in a way that is not recorded.
 */
export function prepareTape(tape: TapeNode[], xs: readonly Tensor[]): void {
  const maker = new Map<number, TapeNode>()
  for (const node of tape) for (const { id } of node.outputs) maker.set(id, node)
  const sorted = new Set<TapeNode>()
  const place = (node: TapeNode): void => {
    if (sorted.has(node)) return
    for (const { id } of Object.values(node.inputs)) {
      const before = maker.get(id)
      if (before !== undefined && before !== node) place(before)
    }
    sorted.add(node)
  }
  for (const node of tape) place(node)
  tape.splice(0, tape.length, ...sorted)
  for (const node of tape) if (node.outputs.every(({ dtype }) => dtype === 'bool')) node.inputs = {}
  refuseHidden(tape, maker, xs)
}

/**
 * A gradient of its own (`tf.customGrad`) may keep intermediate results of its operation. They are not recorded, so that no derivative of
 * that gradient is known. Nothing is wrong as long as nobody asks for it.
 */
function refuseHidden(
  tape: readonly TapeNode[],
  maker: ReadonlyMap<number, TapeNode>,
  xs: readonly Tensor[],
): void {
  const dependent = new Set(xs.map(({ id }) => id))
  const hidden = new Map<number, TapeNode>()
  for (const node of tape) {
    const inputs = Object.values(node.inputs)
    for (const { id } of inputs) {
      const owner = hidden.get(id)
      if (owner !== undefined) throw noDerivative(owner.kernelName.replace(/_+(op)?$/, ''))
    }
    if (!inputs.some(({ id }) => dependent.has(id))) continue
    for (const { id } of node.outputs) dependent.add(id)
    const own = new Set([...inputs, ...node.outputs].map(({ id }) => id))
    for (const { id } of node.saved ?? []) {
      const [source] = Object.values(maker.get(id)?.inputs ?? {})
      if (source !== undefined && !own.has(source.id)) hidden.set(id, node)
    }
  }
}

/** The error about an operation without a derivative that is needed. */
export function noDerivative(operation: string, cause?: unknown): CheckpointScheduleError {
  return new CheckpointScheduleError(
    'INVALID_VALUE',
    `tfjs: TensorFlow.js cannot differentiate the gradient of an operation in step or losses: it has no derivative for ${operation}. ` +
      'Use other operations there, for example matMul in place of a convolution, or reshape and mean in place of avgPool.',
    { details: { operation }, cause },
  )
}
