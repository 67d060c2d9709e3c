/** `--journal` and `--resume`: what a run leaves in its journal so that it can be gone on with, and how that is read again. */
import { resolve } from 'node:path'
import type { Journal } from '@checkpoint-schedules/driver'
import { checkDirectory } from '../files/directory.js'
import { findValue } from '../flags/parse-arguments.js'
import { usageError } from '../terminal/usage-error.js'

const PROGRAM = 'checkpoint-schedules run'
const MOST_ARGUMENTS = 1000

/** Flags that say what to show, not what to compute: they may be given anew. */
const outputFlags = new Set(['--json', '--no-progress', '--taylor', '--force', '--take-over'])

/** What is recorded. */
interface Note {
  readonly program: typeof PROGRAM
  readonly args: readonly string[]
  readonly cwd: string
}

/** A journal in this directory, which remembers the arguments. */
export async function journalFor(
  directory: string,
  everySeconds: number,
  takeOver: boolean,
  args: readonly string[],
): Promise<Journal> {
  const { fileJournal } = await import('@checkpoint-schedules/storage-fs')
  const note: Note = { program: PROGRAM, args: without(args, '--journal'), cwd: process.cwd() }
  return fileJournal(directory, { everySeconds, takeOver, note })
}

/** What to do after an interruption: go on, where there is a durable point. */
export async function hintFor(directory: string): Promise<string> {
  const { readJournal } = await import('@checkpoint-schedules/storage-fs')
  const { last } = await readJournal(directory).catch(() => ({ last: undefined }))
  return last === undefined
    ? 'no step was finished, so nothing was kept.'
    : `go on with: ${howToGoOn(directory)}`
}

/** What is typed to go on. */
export function howToGoOn(directory: string): string {
  return `checkpoint-schedules run --resume ${/^[\w./-]+$/.test(directory) ? directory : JSON.stringify(directory)}`
}

/**
 * The arguments with `--resume DIR` in place: those typed, or, where none are, those that the journal remembers. It may come from anywhere,
 * so it may only name what is installed, never a file with code.
 */
export async function resumedArguments(args: readonly string[]): Promise<readonly string[]> {
  const directory = findValue(args, '--resume')
  if (directory === undefined || args.includes('--help')) return args
  if (findValue(args, '--journal') !== undefined)
    throw usageError('--resume names the journal already; leave --journal out.')
  const typed = without(args, '--resume')
  const added = typed.filter((arg) => outputFlags.has(arg))
  if (typed.length > added.length) return [...typed, '--journal', directory]
  await checkDirectory(directory, 'the directory of a journal')
  const { readJournal } = await import('@checkpoint-schedules/storage-fs')
  const { note, isFinished } = await readJournal(directory)
  if (isFinished)
    throw usageError(`the run in ${resolve(directory)} has finished; there is nothing to resume.`)
  const { args: remembered, cwd } = noteOf(note, directory)
  if (cwd !== process.cwd())
    throw usageError(
      `the run in ${resolve(directory)} was started in ${cwd}; go there, or give all its flags again.`,
    )
  return [...remembered.filter((arg) => !outputFlags.has(arg)), ...added, '--journal', directory]
}

function noteOf(note: unknown, directory: string): Note {
  const { program, args, cwd } = (typeof note === 'object' && note !== null ? note : {}) as Partial<Note>
  const isOurs =
    program === PROGRAM &&
    typeof cwd === 'string' &&
    Array.isArray(args) &&
    args.length <= MOST_ARGUMENTS &&
    args.every((arg) => typeof arg === 'string')
  const again = `give its flags again: run --model … --schedule … --resume ${directory}.`
  if (!isOurs) throw usageError(`the journal in ${resolve(directory)} was not made by this command; ${again}`)
  for (const flag of ['--model', '--schedule']) {
    const name = findValue(args, flag)
    if (name === undefined || !/^[a-z0-9][a-z0-9-]*$/.test(name))
      throw usageError(
        `the journal in ${resolve(directory)} names code for ${flag}, which is not loaded unasked; ${again}`,
      )
  }
  return { program: PROGRAM, args: args, cwd: cwd }
}

/** The arguments without a flag and its value. */
function without(args: readonly string[], flag: string): string[] {
  return args.filter((arg, i) => arg !== flag && args[i - 1] !== flag && !arg.startsWith(`${flag}=`))
}
