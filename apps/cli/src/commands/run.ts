/** `run`: the gradient of a model under a schedule. */
import { parseRunArguments } from '../run/arguments.js'
import { resumedArguments } from '../run/resume.js'

export async function run(typed: readonly string[]): Promise<void> {
  const args = await resumedArguments(typed)
  const parsed = await parseRunArguments(args)
  // Loaded only now: help and usage errors do not need it.
  const { perform } = await import('../run/perform.js')
  await perform(parsed, args)
}
