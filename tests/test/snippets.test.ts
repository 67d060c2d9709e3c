/**
 * Every snippet that the documentation shows is run, and what it says that comes out is compared with what comes out: the
 * `ts` blocks of the READMEs and of the site's pages, and the examples in the sources' documentation comments.
 *
 * `console.log(x) // text` must print the text; in an example, an expression `x // text` must have that value. A `text` block directly
 * after a `ts` block is all that the block prints.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, formatWithOptions, inspect } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

interface Snippet {
  readonly where: string
  readonly code: string
  /** All that it prints, where the documentation shows it. */
  readonly printed: string | undefined
  /** Whether it is an example, where an expression's value may be shown in a comment. */
  readonly isExample: boolean
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const out = fileURLToPath(new URL('../out/snippets/', import.meta.url))
const oneLine = { breakLength: Infinity, depth: 6 }

const files = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(join(root, parent)).flatMap((name) => {
    const source = join(root, parent, name, 'src')
    const sources = existsSync(source) ? readdirSync(source, { recursive: true, encoding: 'utf8' }) : []
    return [
      join(root, parent, name, 'README.md'),
      ...sources.filter((file) => file.endsWith('.ts')).map((file) => join(source, file)),
    ]
  }),
)
const pages = readdirSync(join(root, 'apps/docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
  .map((file) => join(root, 'apps/docs', file))
const snippets = [join(root, 'README.md'), ...pages, ...files]
  .filter((file) => existsSync(file))
  .flatMap(snippetsOf)

function snippetsOf(file: string): Snippet[] {
  const isExample = file.endsWith('.ts')
  const text = readFileSync(file, 'utf8')
  const plain = isExample ? text.replace(/^ *\* ?/gm, '') : text
  return Array.from(
    plain.matchAll(/^```ts\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm),
    (match) => ({
      where: `${relative(root, file)}:${plain.slice(0, match.index).split('\n').length}`,
      code: match[1]!,
      printed: match[2],
      isExample,
    }),
  ).filter(({ code }) => code.includes('import '))
}

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
  mkdirSync(out, { recursive: true })
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
  const file = join(out, `${snippet.where.replaceAll(/[^a-z0-9]+/gi, '-')}.ts`)
  writeFileSync(file, instrumented(snippet))
  printed = []
  console.log = (...values: unknown[]) => void printed.push(format(...values))
  await import(/* @vite-ignore */ file)
  if (snippet.printed !== undefined) expect(`${printed.join('\n')}\n`).toBe(snippet.printed)
})
