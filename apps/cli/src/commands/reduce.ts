/** `reduce DIRECTORY`: the sum of the parts that `gradient` computed. */
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { Option } from 'commander'
import { fileError } from '../files/file-error.js'
import { newCommand, parseArguments } from '../flags/parse-arguments.js'
import { interruptibly } from '../run/interruption.js'
import { gradientNorm, gradientSha256 } from '../run/gradient.js'
import { write, writeLines } from '../terminal/output.js'
import { alignedRows } from '../terminal/rows.js'
import { showCount, showValue } from '../terminal/units.js'
import { usageError } from '../terminal/usage-error.js'

const description = `Adds the parts that gradient computed, in the order of their numbers and in double precision, and writes value and gradient as .npy files.
Refuses a sum with a part that is missing, there twice, damaged, or of another model, other options or another version.`

const examples = `
Examples:
  $ checkpoint-schedules gradient --model wave2d --shots 4 --schedule multistage --ram 10 --parts all --out survey
  $ checkpoint-schedules reduce survey
  $ checkpoint-schedules reduce survey --out total --json

The result has the same bits whatever computed the parts, where, and in which order; the SHA-256 is that of the gradient's numbers,
as in run --json. Memory: two gradients.`

export async function reduce(args: readonly string[]): Promise<void> {
  const command = newCommand('reduce', description)
    .usage('DIRECTORY [flags]')
    .addOption(
      new Option('--out <directory>', 'where the sum goes; must not exist (default: sum in DIRECTORY)'),
    )
    .addOption(new Option('--json', 'print one JSON object'))
    .addHelpText('after', examples)
  const [directory, extra] = parseArguments(command, 'reduce', args)
  if (directory === undefined)
    throw usageError('reduce needs a directory: checkpoint-schedules reduce DIRECTORY.')
  if (extra !== undefined) throw usageError(`reduce takes one directory; also got ${JSON.stringify(extra)}.`)
  const { out, json } = command.opts<{ out?: string; json?: boolean }>()
  const { addParts, sumIn, writeTotal } = await import('../parts/reduce.js')
  const sum = await sumIn(directory)
  const target = out ?? join(directory, 'sum')
  if ((await lstat(target).catch(() => undefined)) !== undefined)
    throw fileError(target, 'already exists; remove it, or pass another name with --out')
  const total = await interruptibly(
    async (signal) => {
      const added = await addParts(sum, signal)
      await writeTotal(added, target)
      return added
    },
    async () => undefined,
  )
  const { parts, value, gradient } = total
  const norm = gradientNorm(gradient)
  const sha256 = gradientSha256(gradient)
  if (json) {
    const plain = {
      model: sum.identity.model,
      parts,
      value,
      gradientNorm: norm,
      gradientSha256: sha256,
      fingerprint: sum.fingerprint,
      directory: target,
    }
    await write(`${JSON.stringify(plain, undefined, 2)}\n`)
    return
  }
  await writeLines(
    alignedRows([
      ['model', sum.identity.model],
      ['parts', showCount(parts)],
      ['value', String(value)],
      ['gradient norm', showValue(norm)],
      ['SHA-256', sha256],
      ['written to', target],
    ]),
  )
}
