/** `gradient`: the gradients of parts of a sum, one by one or with a pool of processes. */
import { parseGradientArguments } from '../parts/arguments.js'

export async function gradient(typed: readonly string[]): Promise<void> {
  const parsed = await parseGradientArguments(typed)
  // Loaded only now: help and usage errors do not need it.
  const { perform } = await import('../parts/perform.js')
  await perform(parsed, typed)
}
