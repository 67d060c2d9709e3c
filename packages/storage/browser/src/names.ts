/** What runs are called in the storage of a browser. */
import { optionError, show } from '@checkpoint-schedules/core'
import { checkSecure } from './secure-context.js'

/** The folder in OPFS, and the database, that has all of ours. */
export const HOME = 'checkpoint-schedules'

const STORE = 'store-'
const JOURNAL = 'journal-'

/** A name for the checkpoints of a run that need not outlive it. @throws `STORE_FAILED`: this is no secure context. */
export function newStoreName(): string {
  checkSecure()
  return `${STORE}${crypto.randomUUID()}`
}

/** Whether it is such a name. */
export const isStoreName = (name: string) => name.startsWith(STORE)

/** The name of a journal's files. @throws `INVALID_OPTION` */
export function journalName(call: string, name: unknown): string {
  if (typeof name !== 'string' || !/^[\w-]{1,64}$/.test(name))
    throw optionError(
      call,
      `name must be 1 to 64 letters, digits, hyphens and underscores, such as "my-run"; got ${show(name)}.`,
    )
  return JOURNAL + name
}
