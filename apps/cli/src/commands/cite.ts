/** `cite SCHEDULE`: the papers behind it, as BibTeX. */
import type { Reference } from '@checkpoint-schedules/core'
import { writeLines } from '../terminal/output.js'
import { tell } from '../terminal/tell.js'
import { oneSchedule } from './show.js'

const description = 'Prints BibTeX entries for the papers in which a schedule was published.'

const examples = `
Examples:
  $ checkpoint-schedules cite revolve >> references.bib`

export async function cite(args: readonly string[]): Promise<void> {
  const { name, factory } = await oneSchedule('cite', description, examples, args)
  const { references } = factory.definition
  if (references.length === 0) {
    tell(`${name} has no reference: it is too simple to have been published.`)
    return
  }
  await writeLines(references.flatMap((reference, i) => [...(i > 0 ? [''] : []), ...bibtexOf(reference)]))
}

/** An entry; its key is the first author's surname followed by the year. */
export function bibtexOf({ authors, title, year, doi, published }: Reference): string[] {
  const people = authors.split(/, | and /)
  const key = `${people[0]!
    .split(' ')
    .at(-1)!
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[^a-z]/g, '')}${year}`
  const fields: readonly (readonly [name: string, value: string | undefined])[] = [
    ['author', escaped(people.join(' and '))],
    ['title', escaped(title)],
    ['journal', published && escaped(published.journal)],
    ['volume', published?.volume],
    ['number', published?.number],
    ['pages', published?.pages.replace('-', '--')],
    ['year', String(year)],
    ['doi', doi],
  ]
  return [
    `@${published === undefined ? 'misc' : 'article'}{${key},`,
    ...fields.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(7)} = {${value}},`])),
    '}',
  ]
}

function escaped(text: string): string {
  return text.replaceAll(/[&%$#_]/g, String.raw`\$&`)
}
