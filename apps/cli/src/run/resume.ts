/** `--journal` and `--resume`: what a run records in its journal so that it can be resumed, and how that is read back. */
import { resolve } from 'node:path'
import type { Journal } from '@checkpoint-schedules/driver'
import { findValue } from '../flags/parse-arguments.js'
import { journalIn } from './journal-summary.js'
import { usageError } from '../terminal/usage-error.js'

const PROGRAM = 'checkpoint-schedules run'
const MOST_ARGUMENTS = 1000

/** Flags that affect the output and not the computation: with --resume they may be added or differ. */
const ownFlags = new Set(['--json', '--no-progress', '--taylor', '--force', '--take-over'])
const ownFlagsWithValue = ['--image', '--image-beside', '--gradient', '--journal-every']

/** What is recorded in the journal. */
interface Note {
  readonly program: typeof PROGRAM
  readonly args: readonly string[]
  readonly cwd: string
}

/** A journal in this directory that records the arguments. */
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

/** How to resume an interrupted run; `undefined` if its journal has no durable point. */
export async function keptIn(directory: string | undefined): Promise<string | undefined> {
  if (directory === undefined) return undefined
  const summary = await journalIn(directory).catch(() => undefined)
  if (summary?.last === undefined || summary.isFinished) return undefined
  return `resume with: ${howToGoOn(directory)}`
}

/** The command that resumes a run. */
export function howToGoOn(directory: string): string {
  return `checkpoint-schedules run --resume ${quoted(directory)}`
}

/** How to resume the run of a journal with this note, and a remark about it. */
export function wayOn(note: unknown, directory: string): [way: string, note?: string | undefined] {
  if (!isOwnNote(note)) return ['the program that made it', 'run it again; this command cannot']
  if (namesCode(note, '--model') || namesCode(note, '--schedule'))
    return [
      `checkpoint-schedules run --model … --schedule … --resume ${quoted(directory)}`,
      'repeat its flags: it runs your own code',
    ]
  return [howToGoOn(directory), note.cwd === process.cwd() ? undefined : `in ${note.cwd}`]
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : JSON.stringify(path)
}

/**
 * The arguments with `--resume DIR` replaced: those typed, or, if there are none, those recorded in the journal. A journal is untrusted,
 * so it may only name what is installed, never a file with code.
 */
export async function resumedArguments(args: readonly string[]): Promise<readonly string[]> {
  const directory = findValue(args, '--resume')
  if (directory === undefined || args.includes('--help')) return args
  if (findValue(args, '--journal') !== undefined)
    throw usageError('--resume already names the journal; leave --journal out.')
  const typed = without(args, '--resume')
  const { own: added, others } = split(typed)
  if (others.length > 0) return [...typed, '--journal', directory]
  const { note, isFinished } = await journalIn(directory)
  if (isFinished)
    throw usageError(`the run in ${resolve(directory)} has finished; there is nothing to resume.`)
  const { args: remembered, cwd } = noteOf(note, directory)
  if (cwd !== process.cwd())
    throw usageError(
      `the run in ${resolve(directory)} was started in ${cwd}; go there, or repeat all its flags.`,
    )
  // Output files requested then are still written, unless others are requested now.
  const { own, others: computed } = split(remembered)
  const wanted = ownFlagsWithValue.flatMap((flag) => {
    const value = findValue(added, flag) ?? findValue(own, flag)
    return value === undefined ? [] : [flag, value]
  })
  const shown = added.filter((arg) => ownFlags.has(arg))
  return [...computed, ...wanted, ...shown, '--journal', directory]
}

/** Whether the note was made by `run`, so that `run --resume` alone suffices. */
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
  const again = `repeat its flags: run --model … --schedule … --resume ${directory}.`
  if (!isOwnNote(note))
    throw usageError(`the journal in ${resolve(directory)} was not made by this command; ${again}`)
  for (const flag of ['--model', '--schedule']) {
    if (namesCode(note, flag))
      throw usageError(
        `the journal in ${resolve(directory)} names code for ${flag}, which is only loaded if you ask for it; ${again}`,
      )
  }
  return note
}

/** Whether a flag of the note is missing or names something other than a known name. */
function namesCode({ args }: Note, flag: string): boolean {
  const name = findValue(args, flag)
  return name === undefined || !/^[a-z0-9][a-z0-9-]*$/.test(name)
}

/** Splits the arguments into output flags with their values, and all others. */
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
