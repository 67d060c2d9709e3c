/** `clean`: removes what a killed run left in its directory. */
import { resolve } from 'node:path'
import { checkNewDirectory } from '../files/directory.js'
import { newCommand, parseArguments } from '../flags/parse-arguments.js'
import { writeLines } from '../terminal/output.js'
import { tell } from '../terminal/tell.js'
import { usageError } from '../terminal/usage-error.js'

const description = `Removes the files that a run left in its directory because it was killed, and the directory if the run made it.
Only files of checkpoint-schedules are deleted, and only if its marker shows that no run is using the directory.`

const examples = `
Examples:
  $ checkpoint-schedules run --model wave2d --schedule h-revolve --ram 4 --disk 20 --checkpoint-dir scratch
  $ checkpoint-schedules clean scratch

Prints the names of the removed files, one per line.`

export async function clean(args: readonly string[]): Promise<void> {
  const command = newCommand('clean', description).usage('DIRECTORY').addHelpText('after', examples)
  const [directory, extra] = parseArguments(command, 'clean', args)
  if (directory === undefined)
    throw usageError('clean needs a directory: checkpoint-schedules clean DIRECTORY.')
  if (extra !== undefined) throw usageError(`clean takes one directory; also got ${JSON.stringify(extra)}.`)
  const { cleanDirectory } = await import('@checkpoint-schedules/storage-fs')
  await checkNewDirectory(directory, 'the directory of a run')
  const removed = await cleanDirectory(directory)
  if (removed.length === 0) tell(`there is no directory ${resolve(directory)}; nothing to clean.`)
  await writeLines(removed)
}
