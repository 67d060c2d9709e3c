/** Asks a command which flags and arguments it takes, without running it; completion relies on nothing else. */
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import type { Command } from 'commander'

/** The last argument of a call that only asks. Arguments from a shell never contain this character. */
const ASKING = '--\0'

/** Thrown instead of running. */
class Definition extends Error {
  readonly command: Command

  constructor(command: Command) {
    super('asked for the definition of a command')
    this.command = command
  }
}

/** Whether these arguments only ask. */
export function isAsking(args: readonly string[]): boolean {
  return args.at(-1) === ASKING
}

/** Throws the definition if the arguments only ask. */
export function answerIfAsked(command: Command, args: readonly string[]): void {
  if (isAsking(args)) throw new Definition(command)
}

/** The definition that the arguments so far lead to; `undefined` if they are invalid. */
export async function definitionOf(
  run: (args: readonly string[]) => Promise<void>,
  args: readonly string[],
): Promise<Command | undefined> {
  try {
    await run([...args, ASKING])
  } catch (error) {
    if (error instanceof Definition) return error.command
    if (!isCheckpointScheduleError(error)) throw error
  }
  return undefined
}
