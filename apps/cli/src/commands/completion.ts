/** `completion bash|zsh|fish`: prints the script that makes a shell complete this program's arguments, and answers the script. */
import { complete, type CompletedCommand } from '../completion/complete.js'
import { answerLines, scriptFor, shells } from '../completion/scripts.js'
import { newCommand, parseArguments } from '../flags/parse-arguments.js'
import { write, writeLines } from '../terminal/output.js'
import { unknownName, usageError } from '../terminal/usage-error.js'

const names = Object.keys(shells)

const description = `Prints a script that makes your shell complete commands, flags, schedules and values, including those of packages that you add later.
With -- and the words typed so far, prints what may come next; the script calls this.`

const examples = `
Examples:
  $ checkpoint-schedules completion bash
  $ checkpoint-schedules completion fish -- diagram multi

To use it in every new shell, add the line to the file:
  ~/.bashrc                                           eval "$(checkpoint-schedules completion bash)"
  ~/.zshrc, after compinit                            eval "$(checkpoint-schedules completion zsh)"
  ~/.config/fish/completions/checkpoint-schedules.fish  checkpoint-schedules completion fish | source`

/** The command that completes these commands. */
export function completionOf(commands: readonly CompletedCommand[]) {
  return async (args: readonly string[]): Promise<void> => {
    const command = newCommand('completion', description)
      .usage(`${names.join('|')} [-- WORD…]`)
      .addHelpText('after', examples)
    const [shell, ...words] = parseArguments(command, 'completion', args)
    if (shell === undefined)
      throw usageError(`completion needs the name of your shell. Accepted: ${names.join(', ')}.`)
    const known = shells[shell]
    if (known === undefined) throw usageError(unknownName('completion for', shell, names))
    if (!args.includes('--')) {
      if (words.length > 0)
        throw usageError(`completion takes one shell; also got ${JSON.stringify(words[0])}.`)
      await write(scriptFor(shell))
      return
    }
    const meant = known.words(words)
    await writeLines(answerLines(shell, meant.at(-1) ?? '', await complete(meant, commands)))
  }
}
