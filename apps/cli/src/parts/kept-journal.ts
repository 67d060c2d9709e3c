/** A journal that outlives its run: it is emptied only once the result of the run is safe. */
import type { Journal, OpenJournal } from '@checkpoint-schedules/driver'

export interface KeptJournal {
  /** What is passed to the run. */
  readonly journal: Journal
  /** Ends the journal of a run that has finished: `finished` empties it, `unfinished` leaves it to be resumed. */
  readonly end: (outcome: 'finished' | 'unfinished') => Promise<void>
}

export function keptJournal(journal: Journal): KeptJournal {
  let finished: OpenJournal | undefined
  return {
    journal: {
      async open(settings) {
        const opened = await journal.open(settings)
        return {
          get found() {
            return opened.found
          },
          get store() {
            return opened.store
          },
          get statistics() {
            return opened.statistics
          },
          isDue: (steps) => opened.isDue(steps),
          commit: (point) => opened.commit(point),
          close(outcome) {
            if (outcome === 'unfinished') return opened.close(outcome)
            finished = opened
          },
        }
      },
    },
    async end(outcome) {
      await finished?.close(outcome)
      finished = undefined
    },
  }
}
