/** The page of error codes has a heading for each code that there is, and for no other. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

test('each error code has its heading', () => {
  const [, union] = /^export type ErrorCode =\n([\s\S]*?)\n\n/m.exec(
    read('packages/contract/core/src/errors.ts'),
  )!
  const codes = Array.from(union!.matchAll(/^ {2}\| '(\w+)'$/gm), ([, code]) => code)
  const headings = Array.from(read('apps/docs/errors.md').matchAll(/^## (\w+)$/gm), ([, heading]) => heading)
  expect(codes.length).toBeGreaterThan(10)
  expect(headings).toEqual(codes)
})
