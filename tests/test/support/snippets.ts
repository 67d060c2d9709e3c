/** The snippets that the documentation shows: of the READMEs, the site's pages, and the sources' documentation comments. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { membersOf, root } from '../../../scripts/workspace.mjs'

export interface Snippet {
  /** File and line. */
  readonly where: string
  /** Where to write it, relative to a folder for all: files that a page names can import each other. */
  readonly file: string
  readonly code: string
  /** All that it prints, where the documentation shows it. */
  readonly printed: string | undefined
  /** Whether it is an example, where an expression's value may be shown in a comment. */
  readonly isExample: boolean
}

const docs = join(root, 'apps/docs')

const filesIn = (folder: string, extension: string) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(extension))
    : []

/** The site's pages, relative to its folder; not those that are made when it is built. */
export const pages = filesIn(docs, '.md').filter((file) => !/node_modules|^reference/.test(file))

/** The text of such a page. */
export const pageText = (page: string): string => readFileSync(join(docs, page), 'utf8')

const sources = membersOf().flatMap(({ folder }) => {
  const source = join(root, folder, 'src')
  return [join(root, folder, 'README.md'), ...filesIn(source, '.ts').map((file) => join(source, file))]
})

function block(language: string): RegExp {
  return new RegExp(
    '(?:`([\\w-]+\\.js)`:\n\n)?' + // the name of a file, before it
      `^\`\`\`(${language})\n([\\s\\S]*?)^\`\`\`\n` +
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
    const [, name, extension, code, printed] = match
    const line = plain.slice(0, match.index).split('\n').length
    const folder = where.replaceAll(/[^a-z0-9]+/gi, '-')
    return {
      where: `${where}:${line}`,
      file: `${folder}/${name ?? `line-${line}.${extension}`}`,
      code: code!,
      printed,
      isExample,
    }
  }).filter(
    ({ code }) =>
      code.includes('import ') && !/\bdocument\.|'node:test'|^const queue = await openQueue/m.test(code),
  )
}

/** All of them that can be run here: not what needs a page (`document`), Node's test runner, or a server
 * (`openQueue`; queue.test.ts runs it). */
export const snippets: readonly Snippet[] = [
  join(root, 'README.md'),
  ...sources,
  ...pages.map((page) => join(docs, page)),
]
  .filter((file) => existsSync(file))
  .flatMap(snippetsOf)
