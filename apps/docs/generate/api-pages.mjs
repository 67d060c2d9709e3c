/**
 * The pages of a package: one if it is short; else an overview, and a page for each topic, which is a source file or folder. What
 * is used most comes first.
 */
import { basename } from 'node:path'
import { entryText, summaryOf } from './api-entries.mjs'

/** About 8,000 pixels in a browser. */
const MOST_HEIGHT = 8000
const GROUPS = ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases']

/**
 * `{ path, text }` of each page, the package's own first, and `places`: on which page each id is.
 *
 * @param fileOf - The source file of an export, relative to the package's `src`.
 * @param rankOf - How often an export is used.
 */
export function pagesOf({ name, title, entries, passedOn, fileOf, rankOf }) {
  const ranked = entries.toSorted((a, b) => rankOf(b.name) - rankOf(a.name) || (a.name < b.name ? -1 : 1))
  const others =
    passedOn.length === 0
      ? []
      : [`## From other packages\n\nAlso exported here: ${passedOn.map(({ link }) => link).join(', ')}.`]
  if (height(ranked) <= MOST_HEIGHT) {
    const path = `${name}.md`
    return {
      pages: [{ path, text: [title, ...grouped(ranked), ...others].join('\n\n') }],
      places: placed(ranked, path),
    }
  }
  const topics = topicsOf(ranked, fileOf)
  const overview = [...topics].flatMap(([topic, members]) => [
    `## [${topic}](./${name}/${slug(topic)}.md)`,
    [
      '| export | what it is |',
      '| --- | --- |',
      ...members.map(
        (it) => `| [\`${it.heading}\`](./${name}/${slug(topic)}.md#${it.anchor}) | ${summaryOf(it)} |`,
      ),
    ].join('\n'),
  ])
  const pages = Array.from(topics, ([topic, members]) => ({
    path: `${name}/${slug(topic)}.md`,
    text: [`# ${name}: ${topic}`, ...grouped(members)].join('\n\n'),
  }))
  return {
    pages: [{ path: `${name}.md`, text: [title, ...overview, ...others].join('\n\n') }, ...pages],
    places: new Map(
      Array.from(topics, ([topic, members]) => [...placed(members, `${name}/${slug(topic)}.md`)]).flat(),
    ),
  }
}

/** The topics, in the order of what they have that is used most. A long one is cut: what can be called, and types. */
function topicsOf(ranked, fileOf) {
  const topics = Map.groupBy
    ? Map.groupBy(ranked, (it) => topicOf(fileOf(it.name)))
    : ranked.reduce((all, it) => {
        const topic = topicOf(fileOf(it.name))
        return all.set(topic, [...(all.get(topic) ?? []), it])
      }, new Map())
  return new Map(
    Array.from(topics).flatMap(([topic, members]) => {
      if (height(members) <= MOST_HEIGHT) return [[topic, members]]
      const isType = ({ group }) => group === 'Interfaces' || group === 'Type Aliases'
      return [
        [topic, members.filter((it) => !isType(it))],
        [`${topic}, types`, members.filter(isType)],
      ].filter(([, some]) => some.length > 0)
    }),
  )
}

/** `run/index.ts` and `run/settings.ts` are about `run`; `action-text.ts` is about `action text`. */
function topicOf(file) {
  const [folder, ...rest] = file.split('/')
  return (rest.length > 0 ? folder : basename(file, '.ts')).replaceAll('-', ' ')
}

const slug = (topic) => topic.replaceAll(',', '').replaceAll(' ', '-')

function grouped(entries) {
  return GROUPS.flatMap((group) => {
    const some = entries.filter((it) => it.group === group)
    return some.length === 0 ? [] : [`## ${group}`, ...some.map((it) => entryText(it, 3))]
  })
}

function placed(entries, path) {
  return new Map(entries.flatMap(({ anchors }) => anchors.map((id) => [id, path])))
}

/** In pixels, roughly. */
function height(entries) {
  const lines = entries.flatMap(({ text }) => text.split('\n'))
  return lines.reduce((sum, line) => sum + heightOfLine(line), 0) + 90 * entries.length
}

function heightOfLine(line) {
  if (line === '') return 8
  if (line.startsWith('#')) return 56
  return line.startsWith('|') ? 46 * Math.ceil(line.length / 110) : 26
}
