/** `--journal` and `--resume`: what a run leaves in its journal so that it can be gone on with, and how that is read again. */
import { resolve } from 'node:path'
import type { Journal } from '@checkpoint-schedules/driver'
import { findValue } from '../flags/parse-arguments.js'
import { journalIn } from './journal-summary.js'
import { usageError } from '../terminal/usage-error.js'

const PROGRAM = 'checkpoint-schedules run'
const MOST_ARGUMENTS = 1000

/** Flags that say what to show and how to go about it, not what to compute: with --resume they may be given again, or differ. */
const ownFlags = new Set(['--json', '--no-progress', '--taylor', '--force', '--take-over'])
const ownFlagsWithValue = ['--image', '--gradient', '--journal-every']

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

/** What an interrupted run has left in the directory of its journal: how to resume it, where it has a durable point. */
export async function keptIn(directory: string | undefined): Promise<string | undefined> {
  if (directory === undefined) return undefined
  const summary = await journalIn(directory).catch(() => undefined)
  if (summary?.last === undefined || summary.isFinished) return undefined
  return `go on with: ${howToGoOn(directory)}`
}

/** What is typed to go on. */
export function howToGoOn(directory: string): string {
  return `checkpoint-schedules run --resume ${quoted(directory)}`
}

/** How the run of a journal with this note is gone on with, and what to say of it. */
export function wayOn(note: unknown, directory: string): [way: string, note?: string | undefined] {
  if (!isOwnNote(note)) return ['the program that made it', 'run it again; this command cannot']
  if (namesCode(note, '--model') || namesCode(note, '--schedule'))
    return [
      `checkpoint-schedules run --model … --schedule … --resume ${quoted(directory)}`,
      'its flags again: it runs code of yours',
    ]
  return [howToGoOn(directory), note.cwd === process.cwd() ? undefined : `in ${note.cwd}`]
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : JSON.stringify(path)
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
  const { own: added, others } = split(typed)
  if (others.length > 0) return [...typed, '--journal', directory]
  const { note, isFinished } = await journalIn(directory)
  if (isFinished)
    throw usageError(`the run in ${resolve(directory)} has finished; there is nothing to resume.`)
  const { args: remembered, cwd } = noteOf(note, directory)
  if (cwd !== process.cwd())
    throw usageError(
      `the run in ${resolve(directory)} was started in ${cwd}; go there, or give all its flags again.`,
    )
  // Files that were asked for are still wanted, unless others are asked for now.
  const { own, others: computed } = split(remembered)
  const wanted = ownFlagsWithValue.flatMap((flag) => {
    const value = findValue(added, flag) ?? findValue(own, flag)
    return value === undefined ? [] : [flag, value]
  })
  const shown = added.filter((arg) => ownFlags.has(arg))
  return [...computed, ...wanted, ...shown, '--journal', directory]
}

/** Whether the note was made by `run`, so that `run --resume` alone can read it. */
export function isOwnNote(note: unknown): note is Note {
  const { program, args, cwd } = (typeof note === 'object' && note !== null ? note : {}) as Partial<Note>
  return (
    program === PROGRAM &&
    typeof cwd === 'string' &&
    Array.isArray(args) &&
    args.length <= MOST_ARGUMENTS &&
    args.every((arg) => typeof arg === 'string')
  )
}

function noteOf(note: unknown, directory: string): Note {
  const again = `give its flags again: run --model … --schedule … --resume ${directory}.`
  if (!isOwnNote(note))
    throw usageError(`the journal in ${resolve(directory)} was not made by this command; ${again}`)
  for (const flag of ['--model', '--schedule']) {
    if (namesCode(note, flag))
      throw usageError(
        `the journal in ${resolve(directory)} names code for ${flag}, which is not loaded unasked; ${again}`,
      )
  }
  return note
}

/** Whether a flag of the note names something else than what is known by name. */
function namesCode({ args }: Note, flag: string): boolean {
  const name = findValue(args, flag)
  return name === undefined || !/^[a-z0-9][a-z0-9-]*$/.test(name)
}

/** The arguments that are our own flags with their values, and all others. */
function split(args: readonly string[]): { own: string[]; others: string[] } {
  const isOwn = (arg: string, i: number) =>
    ownFlags.has(arg) ||
    ownFlagsWithValue.some((flag) => arg === flag || arg.startsWith(`${flag}=`) || args[i - 1] === flag)
  return { own: args.filter(isOwn), others: args.filter((arg, i) => !isOwn(arg, i)) }
}

/** The arguments without a flag and its value. */
function without(args: readonly string[], flag: string): string[] {
  return args.filter((arg, i) => arg !== flag && args[i - 1] !== flag && !arg.startsWith(`${flag}=`))
}
