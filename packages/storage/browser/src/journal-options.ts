/** How often a journal in a browser makes a run durable. */
import { optionError, show } from '@checkpoint-schedules/core'
import type { OpfsOptions } from './opfs/opfs-store.js'

/** How a run is made durable. */
export interface BrowserJournalOptions {
  /** Seconds between two durable points, by default 30: the most work that a closed tab may cost. */
  readonly everySeconds?: number
  /** Steps between two durable points, if they come first; by default only time counts. */
  readonly everySteps?: number
  /** Plain JSON that `readJournal` returns, such as the settings of the page. */
  readonly note?: unknown
  /** Asks the browser not to remove the site's data when space is short, by default true. Some ask the user. Only pages can ask, workers cannot. */
  readonly persist?: boolean
}

/** How a run is made durable in OPFS. */
export interface OpfsJournalOptions extends BrowserJournalOptions, OpfsOptions {}

/** The options, checked. @throws `INVALID_OPTION` */
export function checkedJournalOptions(call: string, options: unknown): Required<BrowserJournalOptions> {
  if (typeof options !== 'object' || options === null)
    throw optionError(call, `options must be an object such as { everySeconds: 60 }; got ${show(options)}.`)
  const {
    everySeconds = 30,
    everySteps = Infinity,
    note = null,
    persist = true,
  } = options as BrowserJournalOptions
  if (!(typeof everySeconds === 'number' && everySeconds >= 0))
    throw optionError(call, `everySeconds must be a number >= 0; got ${show(everySeconds)}.`)
  if (!(typeof everySteps === 'number' && everySteps >= 1))
    throw optionError(call, `everySteps must be a number >= 1; got ${show(everySteps)}.`)
  if (typeof persist !== 'boolean')
    throw optionError(call, `persist must be true or false; got ${show(persist)}.`)
  try {
    JSON.stringify(note)
  } catch (cause) {
    throw optionError(call, `note must be plain JSON: ${(cause as Error).message}.`)
  }
  return { everySeconds, everySteps, note, persist }
}
