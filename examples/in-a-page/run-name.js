/** What the journal of this run is called, for the page and for the worker. */
export const NAME = 'heat'
