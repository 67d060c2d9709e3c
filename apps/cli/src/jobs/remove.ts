/** `jobs remove`: forgets a run. */
import { newCommand, parseFlags } from '../flags/parse-arguments.js'
import { writeLines } from '../terminal/output.js'
import { queueIn, queueOptions, runIn, runOption, shortId, withQueue } from './queue-flags.js'

const description =
  'Removes a run from a queue, with its results. Parts under way are not stopped; their results are dropped.'

const examples = `
Examples:
  $ checkpoint-schedules jobs remove --queue survey --run 3f2a`

export async function remove(args: readonly string[]): Promise<void> {
  const command = newCommand('jobs remove', description).usage('--queue NAME [flags]')
  for (const option of [...queueOptions, runOption]) command.addOption(option)
  command.addHelpText('after', examples)
  parseFlags(command, 'jobs remove', args)
  const settings = command.opts<{ run?: string }>()
  const options = await queueIn('jobs remove', settings)
  await withQueue(options, async (queue) => {
    const { id } = await runIn(queue, options.name, settings.run)
    await queue.remove(id)
    await writeLines([`The run ${shortId(id)} is removed from the queue ${options.name}.`])
  })
}
