/**
 * How a run outlives its process. `journal-keeper` makes durable points when it is time; `resumption` describes the run for such a point and
 * brings a new run to one; `point-check` holds a point against the schedule, as it may come from anywhere; `rebuild` says what was only
 * in memory, and `recovery` computes that again in one forward sweep.
 */
export { identityOf, JournalKeeper } from './journal-keeper.js'
export { pointOf, resume } from './resumption.js'
