/** Every TypeScript snippet that the documentation shows passes the compiler as strictly as the sources do. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { snippets } from './support/snippets.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const out = join(root, 'tests/out/snippet-types')

afterAll(() => rmSync(out, { recursive: true, force: true }))

test('no snippet has a type error', () => {
  const typed = snippets.filter(({ file }) => file.endsWith('.ts'))
  expect(typed.length).toBeGreaterThan(100)
  for (const { file, code, where } of typed) {
    mkdirSync(dirname(join(out, file)), { recursive: true })
    writeFileSync(join(out, file), `${code}\nexport {} // ${where}\n`)
  }
  const project = { extends: '../../../tsconfig.json', include: ['**/*.ts'] }
  writeFileSync(join(out, 'tsconfig.json'), JSON.stringify(project))
  const tsc = join(root, 'node_modules/.bin/tsc')
  const { stdout, status } = spawnSync(tsc, ['-p', out], { encoding: 'utf8' })
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 })
})
