/** How often a journal in a browser makes a run durable. */
import { optionError, show } from '@checkpoint-schedules/core'
import { checkedPointOptions } from '@checkpoint-schedules/storage-slots'
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
  const points = checkedPointOptions(call, options as BrowserJournalOptions)
  const { persist = true } = options as BrowserJournalOptions
  if (typeof persist !== 'boolean')
    throw optionError(call, `persist must be true or false; got ${show(persist)}.`)
  return { ...points, persist }
}
