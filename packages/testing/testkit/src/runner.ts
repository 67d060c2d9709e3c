/** What the suites need of a test runner. */

/** `describe` and `it` as vitest, jest, mocha and Node's own runner have them. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: () => void | Promise<void>) => unknown
}
