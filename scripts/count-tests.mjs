// A vitest reporter: leaves how many tests passed and failed where scripts/test.mjs adds them up. A file that cannot be loaded, a hook
// that fails and an error that no test was waiting for are failures as well.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** In the folder of each package; turbo keeps it with its cached result. */
export const COUNTS = '.turbo/test-counts.json'

// oxlint-disable-next-line import/no-default-export -- vitest finds a reporter by its path
export default class CountTests {
  onTestRunEnd(modules, errors) {
    const hash = process.env.TURBO_HASH
    if (hash === undefined) return // only what turbo runs is added up
    const counts = { hash, passed: 0, failed: errors.length }
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed += 1
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) counts.failed += 1
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed' || state === 'failed') counts[state] += 1
      }
    }
    mkdirSync(dirname(COUNTS), { recursive: true })
    writeFileSync(COUNTS, `${JSON.stringify(counts)}\n`)
  }
}
