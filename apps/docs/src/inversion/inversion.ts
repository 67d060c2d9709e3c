/** L-BFGS on evaluations that may be kept from an earlier visit. Works in a worker, and in Node alike. */
// @ts-expect-error -- plain JavaScript
import * as search from '../../../../examples/l-bfgs.mjs'
import type { Evaluation, KeptEvaluations } from './kept-evaluations.js'

type Objective = (x: Float64Array) => Promise<{ readonly value: number; readonly gradient: Float64Array }>

const { minimize } = search as {
  readonly minimize: (
    f: Objective,
    start: Float64Array,
    options: { iterations: number; onIteration: (it: Iteration) => boolean | void },
  ) => Promise<unknown>
}

/** Where the search is. Iteration 0 is its start. */
export interface Iteration {
  readonly iteration: number
  readonly evaluations: number
  readonly x: Float64Array
  readonly value: number
  /** That of the same point. */
  readonly gradient: Float64Array
}

export interface Search {
  readonly origin: Float64Array
  readonly iterations: number
  readonly kept: KeptEvaluations
  /** Whether a control is tried at all; where not, the line search takes a shorter step. */
  readonly allows: (x: Float64Array) => boolean
  /** Computes evaluation number `index`; without it the search ends where what is kept ends. */
  readonly evaluate?: (x: Float64Array, index: number) => Promise<Omit<Evaluation, 'x'>>
  readonly onIteration: (it: Iteration) => void
  /** What could not be kept: the search continues without it. */
  readonly onLoss?: (error: unknown) => void
}

/** @returns whether the search has come to its end, and how many evaluations that took so far. */
export async function searchOn({
  origin,
  iterations,
  kept,
  allows,
  evaluate,
  onIteration,
  onLoss,
}: Search): Promise<{ isEnded: boolean; evaluations: number }> {
  const done = await kept.read(origin.length)
  const atHand = new Map<Float64Array, Float64Array>()
  let index = 0
  let isEnded = true
  const objective: Objective = async (x) => {
    if (!allows(x)) return { value: Infinity, gradient: x }
    const known = done[index]
    if (known !== undefined && isSame(known.x, x)) {
      index++
      atHand.set(x, known.gradient)
      return { value: known.value, gradient: known.gradient }
    }
    done.length = index // what follows belongs to another search
    if (evaluate === undefined) throw new EndOfKept()
    const made = await evaluate(x, index)
    await kept.add(index, { x, ...made }).catch((error: unknown) => onLoss?.(error))
    index++
    atHand.set(x, made.gradient)
    return made
  }
  try {
    await minimize(objective, origin, {
      iterations,
      onIteration: (it) => {
        onIteration({ ...it, evaluations: index, gradient: atHand.get(it.x)! })
        atHand.clear()
      },
    })
  } catch (error) {
    if (!(error instanceof EndOfKept)) throw error
    isEnded = false
  }
  return { isEnded, evaluations: index }
}

class EndOfKept extends Error {}

/** Bit for bit. */
function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((it, i) => Object.is(it, b[i]))
}
