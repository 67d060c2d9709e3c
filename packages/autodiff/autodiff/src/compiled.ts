/** An objective's functions, and what it remembers from one call to the next. */
import type { ObjectiveDefinition } from './definition.js'
import { type Derivatives, derivativesOf } from './derivatives.js'
import { functionsOf } from './functions.js'
import { type Tangents, tangentsOf } from './tangents.js'

/** What the user wrote, and its derivatives. */
export interface Compiled<X, State, Params, Input> {
  readonly definition: ObjectiveDefinition<X, State, Params, Input>
  readonly derivatives: Derivatives<X, State, Params, Input>
  readonly tangents: Tangents<X, State, Params, Input>
  readonly done: {
    /** The losses return scalars. */
    lossesChecked: boolean
    /** Parameters without influence were looked for. */
    warned: boolean
  }
}

/** Compiles nothing yet: libraries compile at the first call. */
export function compiledOf<X, State, Params, Input>(
  definition: ObjectiveDefinition<X, State, Params, Input>,
): Compiled<X, State, Params, Input> {
  const { ad } = definition
  const functions = functionsOf(definition)
  return {
    definition,
    derivatives: derivativesOf(ad, functions),
    tangents: tangentsOf(ad, functions),
    done: { lossesChecked: false, warned: false },
  }
}
