/**
 * Every snippet that the documentation shows is run, and what it says that comes out is compared with what comes out: the
 * `ts` blocks of the READMEs and of the site's pages (there also `js`), and the examples in the sources' documentation comments.
 *
 * `console.log(x) // text` must print the text; in an example, an expression `x // text` must have that value. A `text` block directly
 * after a `ts` block, or after a block that runs it with `node`, is all that it prints. What needs a page (`document`) or Node's test
 * runner is left to the rehearsals.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, formatWithOptions, inspect } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Snippet, snippets } from './support/snippets.js'

const out = fileURLToPath(new URL('../out/snippets/', import.meta.url))
const oneLine = { breakLength: Infinity, depth: 6 }

// Calls in place of what the comments say, so that each is checked where it stands.
function instrumented({ code, isExample }: Snippet): string {
  const joined = code.replace(/\n\/\/ (?=[[{])/g, ' // ')
  return joined.replace(
    /^( *)(.+?);? \/\/ (.+)$/gm,
    (line, indent: string, expression: string, text: string) => {
      const print = /^console\.log\((.*)\)$/.exec(expression)
      if (print !== null) return `${indent}globalThis.__prints(${JSON.stringify(text)}, [${print[1]}])`
      const isStatement =
        /^(const|let|import|export|for|if|return|type|await [a-z]+\(.*\{|[}\])/]|.*[{,(]$|\w+:)/.test(
          expression,
        )
      return isExample && !isStatement
        ? `${indent}globalThis.__has(${JSON.stringify(text)}, ${expression})`
        : line
    },
  )
}

let printed: string[] = []
const globals = globalThis as Record<string, unknown>
const log = console.log

beforeAll(() => {
  for (const snippet of snippets) {
    const file = join(out, snippet.file)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, instrumented(snippet))
  }
  globals['__prints'] = (text: string, values: unknown[]) => {
    printed.push(format(...values))
    expect(formatWithOptions(oneLine, ...values)).toBe(text)
  }
  globals['__has'] = (text: string, value: unknown) => expect(inspect(value, oneLine)).toBe(text)
})

afterAll(() => {
  console.log = log
  rmSync(out, { recursive: true, force: true })
})

test('there are snippets to run', () => expect(snippets.length).toBeGreaterThan(20))

test.each(snippets)('$where', async (snippet) => {
  printed = []
  console.log = (...values: unknown[]) => void printed.push(format(...values))
  await import(/* @vite-ignore */ join(out, snippet.file))
  if (snippet.printed !== undefined) expect(`${printed.join('\n')}\n`).toBe(snippet.printed)
})
