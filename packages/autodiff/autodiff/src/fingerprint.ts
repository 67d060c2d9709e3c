/** Names a model in journals, so that a run is not resumed with another one. */
import type { ObjectiveDefinition } from './definition.js'
import type { Compiled } from './compiled.js'
import { Held, heldCodec } from './held.js'
import { inputsOf } from './inputs.js'
import { releaseAll } from './trees.js'

/** What a run starts from. */
interface Beginning<State, Params> {
  readonly initialState: State
  readonly params: Params
}

/**
 * What the user says, or the functions' source texts; the library; a hash of the parameters; and one of what the first step and its losses
 * come to, which shows values from outside of the functions, and another backend. Reads all this back.
 *
 * @param along - The direction of the parameters, if there is one.
 */
export async function fingerprintOf<X, State, Params, Input>(
  { definition, derivatives }: Compiled<X, State, Params, Input>,
  { initialState, params }: Beginning<State, Params>,
  steps: number | undefined,
  along?: Params,
): Promise<string> {
  const { ad, fingerprint, loss, stepLoss } = definition
  const hashOf = async (tree: unknown): Promise<string> =>
    hash(await heldCodec<X, unknown>(ad, () => undefined).encode(new Held(tree)))
  // The input is there until the first await.
  const firstStep = async (input: Input): Promise<string> => {
    const made: unknown[] = []
    try {
      const state = derivatives.step(initialState, params, input)
      made.push(state)
      if (stepLoss !== undefined) made.push(derivatives.stepLoss(state, params, input))
      if (loss !== undefined) made.push(derivatives.lossAlone(state, params))
      return await hashOf(made)
    } finally {
      releaseAll(ad, made)
    }
  }
  const text = new TextEncoder().encode(fingerprint ?? sourcesOf(definition))
  return [
    `autodiff ${ad.name}`,
    `functions ${hash(text)}`,
    `parameters ${await hashOf(along === undefined ? params : [params, along])}`,
    ...(steps === 0 ? [] : [`first step ${await inputsOf(definition, false)(0, firstStep)}`]),
  ].join(', ')
}

/** The texts of the user's functions. */
export function sourcesOf({
  step,
  loss,
  stepLoss,
  inputs,
  isDone,
}: ObjectiveDefinition<any, any, any, any>): string {
  return [step, loss, stepLoss, inputs, isDone].map(String).join('\n')
}

/** FNV-1a in two lanes: finds changes, and does not withstand attacks. */
function hash(bytes: Uint8Array): string {
  let [a, b] = [0x811c9dc5, 0x9dc5811c]
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193)
    b = Math.imul(b ^ byte, 0x01000197) ^ (b >>> 15)
  }
  return [a, b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('')
}
