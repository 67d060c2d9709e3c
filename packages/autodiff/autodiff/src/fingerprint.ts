/** Names a model in journals, so that a run is not resumed with another one. */
import type { ObjectiveDefinition } from './definition.js'
import { Held, heldCodec } from './held.js'

/** What the user says, or the functions' source texts; the library; and a hash of the parameters. Reads the parameters back. */
export async function fingerprintOf<X>(
  definition: ObjectiveDefinition<X, any, any, any>,
  params: unknown,
): Promise<string> {
  const { ad, fingerprint } = definition
  const text = new TextEncoder().encode(fingerprint ?? sourcesOf(definition))
  const bytes = await heldCodec<X, unknown>(ad, () => undefined).encode(new Held(params))
  return `autodiff ${ad.name} ${hash(text)} ${hash(bytes)}`
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
