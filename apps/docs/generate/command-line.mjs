/** The reference of the command line: each command's own help, followed by the section of the README about it. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { packagesIn, root, target } from './places.mjs'

const program = join(root, 'apps/cli/bin/checkpoint-schedules.js')

/** Writes `command-line.md`. */
export async function writeCommandLine() {
  const general = await helpOf()
  const names = Array.from(commandsIn(general))
  if (names.length === 0) throw new Error('The help of the command line lists no commands.')
  const notes = notesOfReadme()
  const sections = await Promise.all(
    names.map(async (name) => {
      const own = notes.filter(({ about }) => about.includes(name)).map(({ text }) => text)
      const help = await helpOf(name)
      const below = Array.from(commandsIn(help), (command) => [name, command])
      const helps = await Promise.all(
        below.map(async (words) => `### ${words.join(' ')}\n\n${block(await helpOf(...words))}`),
      )
      return [`## ${name}`, block(help), ...own, ...helps].join('\n\n')
    }),
  )
  const others = notes.filter(({ about }) => !about.some((name) => names.includes(name)))
  const page = [
    '# Command line',
    'The command `checkpoint-schedules` of `@checkpoint-schedules/cli`. The text below is printed by the program itself.',
    '```sh\nnpm install @checkpoint-schedules/cli\nnpx checkpoint-schedules --help\n```',
    block(general),
    ...sections,
    ...others.map(({ heading, text }) => `## ${heading}\n\n${text}`),
  ]
  writeFileSync(join(target, 'command-line.md'), `${page.join('\n\n')}\n`)
}

async function helpOf(...args) {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args, '--help'], {
    env: { ...process.env, NO_COLOR: '1' },
  })
  return stdout.trim()
}

function* commandsIn(help) {
  const list = /^Commands:\n((?: .*\n)+)/m.exec(`${help}\n`)?.[1] ?? ''
  for (const [, name] of list.matchAll(/^ {2}(\S+)/gm)) yield name
}

/** The parts of the README's chapter on the API; which commands each is about, by its heading. */
function notesOfReadme() {
  const readme = readFileSync(join(root, 'apps/cli/README.md'), 'utf8')
  const chapter = /^## API\n([\s\S]*?)^## /m.exec(readme)[1]
  return Array.from(
    chapter.matchAll(/^### (.+)\n([\s\S]*?)(?=^### |$(?![\s\S]))/gm),
    ([, heading, text]) => ({
      heading,
      about: Array.from(heading.matchAll(/`([a-z]+)/g), ([, name]) => name),
      // A screen reader cannot name a column without a heading.
      text: linkedHere(text.trim())
        .replaceAll('](test/pictures/', '](/pictures/')
        .replace(/\| +\|\n(?=\| ---)/g, '| meaning |\n'),
    }),
  )
}

/** Turns links to the folders of packages, as in the README, into links to their API pages. */
function linkedHere(text) {
  return packagesIn().reduce(
    (linked, { folder, name }) => linked.replaceAll(`](../../${folder})`, `](./api/${name}.md)`),
    text,
  )
}

const block = (text) => `\`\`\`text\n${text}\n\`\`\``
