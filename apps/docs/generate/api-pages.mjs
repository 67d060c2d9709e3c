/**
 * The pages of a package: one if it is short; else an overview of its topics, which are its source files and folders, and pages for one or
 * more of them. What is used most comes first.
 */
import { basename } from 'node:path'
import { entryText, summaryOf } from './api-entries.mjs'

/** In pixels in a browser, without the page around it. */
const MOST_HEIGHT = 6800

/**
 * `{ path, text }` of each page, the package's own first, and `places`: for each id that links may name, where that is.
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
  const own = `${name}.md`
  if (heightOf(ranked) <= MOST_HEIGHT) {
    const kinds = [
      ['Functions and values', ranked.filter((it) => !isType(it))],
      ['Types', ranked.filter(isType)],
    ]
    return {
      pages: [{ path: own, text: [title, ...sections(kinds), ...others].join('\n\n') }],
      places: placed(ranked, own),
    }
  }
  const pages = packed(topicsOf(ranked, fileOf)).map((topics) => {
    const path = `${name}/${topics[0][0].replaceAll(/[ ,]+/g, '-')}.md`
    const names = topics.map(([topic]) => topic).join(', ')
    return { path, topics, text: [`# ${name}: ${names}`, ...sections(topics)].join('\n\n') }
  })
  const overview = pages.flatMap(({ path, topics }) =>
    topics.flatMap(([topic, members]) => [`## ${topic}`, summaries(members, path)]),
  )
  return {
    pages: [{ path: own, text: [title, ...overview, ...others].join('\n\n') }, ...pages],
    places: new Map(
      pages.flatMap(({ path, topics }) => topics.flatMap(([, members]) => [...placed(members, path)])),
    ),
  }
}

/** The topics, in the order of what they have that is used most. A long one is cut: what can be called, and types. */
function topicsOf(ranked, fileOf) {
  const topics = new Map()
  for (const it of ranked) {
    const topic = topicOf(fileOf(it.name))
    topics.set(topic, [...(topics.get(topic) ?? []), it])
  }
  return Array.from(topics).flatMap(([topic, members]) => {
    if (heightOf(members) <= MOST_HEIGHT) return [[topic, members]]
    return [
      ...halved(
        topic,
        members.filter((it) => !isType(it)),
      ),
      ...halved(`types of ${topic}`, members.filter(isType)),
    ]
  })
}

/** A topic in two, if it is still long: what is used most, and more. */
function halved(topic, members) {
  if (members.length === 0) return []
  if (heightOf(members) <= MOST_HEIGHT || members.length === 1) return [[topic, members]]
  const least = heightOf(members) / 2
  const end = members.findIndex((_, i) => heightOf(members.slice(0, i + 1)) >= least)
  const cut = Math.max(1, Math.min(members.length - 1, end))
  return [[topic, members.slice(0, cut)], ...halved(`more ${topic}`, members.slice(cut))]
}

/** `run/index.ts` and `run/settings.ts` are about `run`; `action-text.ts` is about `action text`. */
function topicOf(file) {
  const [folder, ...rest] = file.split('/')
  return (rest.length > 0 ? folder : basename(file, '.ts')).replaceAll('-', ' ')
}

/** Neighbours that fit on one page together. */
function packed(topics) {
  const pages = []
  for (const topic of topics) {
    const last = pages.at(-1)
    const fits =
      last !== undefined && heightOf([...last, topic].flatMap(([, members]) => members)) <= MOST_HEIGHT
    if (fits) last.push(topic)
    else pages.push([topic])
  }
  return pages
}

function sections(parts) {
  return parts
    .filter(([, members]) => members.length > 0)
    .flatMap(([heading, members]) => [
      `## ${heading} {#about-${heading.toLowerCase().replaceAll(' ', '-')}}`,
      ...members.map(entryText),
    ])
}

function summaries(members, path) {
  return members.map((it) => `- [\`${it.heading}\`](./${path}#${it.anchor}): ${summaryOf(it)}`).join('\n')
}

const isType = ({ group }) => group === 'Interfaces' || group === 'Type Aliases'

function placed(entries, path) {
  return new Map(entries.flatMap(({ anchors }) => Array.from(anchors, ([id, to]) => [id, { path, id: to }])))
}

/** In pixels; within a tenth of what a browser makes of it. */
function heightOf(entries) {
  const lines = entries.flatMap(({ text }) => text.split('\n'))
  return lines.reduce((sum, line) => sum + heightOfLine(line), 0) + 90 * entries.length
}

function heightOfLine(line) {
  if (line === '') return 8
  if (line.startsWith('#')) return 56
  return line.startsWith('|') ? 46 * Math.ceil(line.length / 95) : 26
}
