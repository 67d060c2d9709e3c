/** What the tests of one file have tried, for `pnpm attack`: left in the file that ATTACK_TALLY names. */
import { writeFileSync } from 'node:fs'
import { afterAll } from 'vitest'

const tally = { cases: 0, right: 0, errors: 0 }

/** Counts one case. An error is one that the library raised in clear words. */
export function count(outcome: 'right' | 'error'): void {
  tally.cases += 1
  tally[outcome === 'right' ? 'right' : 'errors'] += 1
}

/** To be called once in each file that counts. */
export function leaveTally(): void {
  const path = process.env['ATTACK_TALLY']
  if (path !== undefined) afterAll(() => writeFileSync(path, JSON.stringify(tally)))
}
