/** What `npm test` adds up: every kind of failure counts, also those that no test stands for. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const out = join(root, 'tests', 'out')
mkdirSync(out, { recursive: true })
const directory = mkdtempSync(join(out, 'count-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function counted(source: string, hash = 'abc') {
  const file = join(directory, 'test', 'it.test.ts')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `import { afterAll, beforeAll, describe, it } from 'vitest'\n${source}\n`)
  const counts = join(directory, '.turbo', 'test-counts.json')
  rmSync(counts, { force: true })
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', join(root, 'vitest.config.ts')],
    { cwd: directory, env: { ...process.env, TURBO_HASH: hash } },
  )
  return { status, ...JSON.parse(readFileSync(counts, 'utf8')) }
}

const fail = "() => { throw new Error('no') }"
it.each([
  [
    'tests that pass, are skipped, or are to do',
    "it('a', () => {}); it.skip('b', () => {}); it.todo('c')",
    1,
    0,
  ],
  [
    'tests that fail, in groups',
    `it('a', () => {}); describe('d', () => { it('b', ${fail}); it('c', ${fail}) })`,
    1,
    2,
  ],
  ['tests that are expected to fail', `it.fails('a', ${fail}); it.fails('b', () => {})`, 1, 1],
  ['a file that cannot be loaded', "import './nowhere.js'; it('a', () => {})", 0, 1],
  ['a file without tests', '', 0, 1],
  [
    'a hook that fails at the end',
    `it('a', () => {}); describe('d', () => { afterAll(${fail}); it('b', () => {}) })`,
    2,
    1,
  ],
  ['an error that no test waits for', "it('a', () => { Promise.reject(new Error('no')) })", 1, 1],
])('%s', (_, source, passed, failed) => {
  expect(counted(source)).toEqual({ status: failed === 0 ? 0 : 1, hash: 'abc', passed, failed })
})
