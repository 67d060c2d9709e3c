/**
 * Every snippet that the documentation shows is run, and what it says that comes out is compared with what comes out: the
 * `ts` blocks of the READMEs and of the site's pages (there also `js`), and the examples in the sources' documentation comments.
 *
 * `console.log(x) // text` must print the text; in an example, an expression `x // text` must have that value. A `text` block directly
 * after a `ts` block, or after a block that runs it with `node`, is all that it prints. What needs a page (`document`) or Node's test
 * runner is left to the rehearsals.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, formatWithOptions, inspect } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

interface Snippet {
  readonly where: string
  /** What it is written to; files that a page names can import each other. */
  readonly file: string
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
// Pages of the site, recipes among them.
const docs = join(root, 'apps/docs')
const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md') && !/node_modules|^reference/.test(file))
  .map((file) => join(docs, file))
const snippets = [join(root, 'README.md'), ...files, ...pages]
  .filter((file) => existsSync(file))
  .flatMap(snippetsOf)

function block(language: string): RegExp {
  return new RegExp(
    '(?:`([\\w-]+\\.js)`:\n\n)?' + // the name of a file, before it
      `^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`\n` +
      '(?:(?:\n```sh\nnode [\\w-]+\\.js\n```\n)?\n```text\n([\\s\\S]*?)^```\n)?',
    'gm',
  )
}

function snippetsOf(file: string): Snippet[] {
  const isExample = file.endsWith('.ts')
  const text = readFileSync(file, 'utf8')
  const plain = isExample ? text.replace(/^ *\* ?/gm, '') : text
  const where = relative(root, file)
  return Array.from(plain.matchAll(block(file.startsWith(docs) ? '[tj]s' : 'ts')), (match) => {
    const [, name, code, printed] = match
    const line = plain.slice(0, match.index).split('\n').length
    const folder = where.replaceAll(/[^a-z0-9]+/gi, '-')
    const written = join(out, folder, name ?? `line-${line}.ts`)
    return { where: `${where}:${line}`, file: written, code: code!, printed, isExample }
  }).filter(({ code }) => code.includes('import ') && !/\bdocument\.|'node:test'/.test(code))
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
  for (const snippet of snippets) {
    mkdirSync(dirname(snippet.file), { recursive: true })
    writeFileSync(snippet.file, instrumented(snippet))
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
  await import(/* @vite-ignore */ snippet.file)
  if (snippet.printed !== undefined) expect(`${printed.join('\n')}\n`).toBe(snippet.printed)
})
