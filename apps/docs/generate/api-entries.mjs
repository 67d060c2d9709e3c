/** TypeDoc's page of a package, taken apart into its exports and tidied. */

/**
 * The exports of a page, in its order: `{ name, heading, group, anchor, anchors, text }`, where `anchors` maps all ids that links may name to
 * those that there will be; and the names that are only passed on from other packages, each with a link.
 */
export function entriesOf(page) {
  const slugs = new Map()
  const entries = []
  const passedOn = []
  let group = ''
  for (const section of page.split(/^(?=#{2,3} )/m)) {
    const [, level, heading] = /^(#{2,3}) (.+)$/m.exec(section) ?? []
    if (level === undefined) continue
    // Headings get their ids in the order of the whole page: entries that are moved keep them.
    const anchor = nextSlug(slugs, heading)
    const others = Array.from(section.matchAll(/^#{4,6} (.+)$/gm), ([, it]) => nextSlug(slugs, it))
    if (level === '##') group = heading
    else if (group === 'References') {
      const [, link] = /^(?:Re-exports|Renames and re-exports) (\[.*\))$/m.exec(section) ?? []
      passedOn.push({ name: heading, link: link?.replace(/^\[[^\]]*\]/, `[\`${heading}\`]`) })
    } else {
      const ids = Array.from(section.matchAll(/<a id="([^"]+)">/g), ([, id]) => id)
      const body = section.replace(/^### .+\n/, '').replace(/\n\*\*\*\s*$/, '')
      entries.push({
        name: heading.replaceAll('\\', '').replace(/\W.*$/, ''),
        heading: heading.replaceAll('\\', ''),
        group,
        anchor,
        anchors: new Map([...[anchor, ...others].map((id) => [id, anchor]), ...ids.map((id) => [id, id])]),
        text: tidied(body),
      })
    }
  }
  return { entries, passedOn }
}

/** An export under its heading. The headings within have ids of their own, so that none is that of another export. */
export function entryText({ heading, anchor, text }) {
  const slugs = new Map()
  const within = text.replace(
    /^(#{4,6}) (.+)$/gm,
    (_, signs, words) => `${signs} ${words} {#${anchor}-${nextSlug(slugs, words)}}`,
  )
  return `### ${heading} {#${anchor}}\n${within}`
}

/** What an export is, in its first sentence. */
export function summaryOf({ text }) {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/^#.*$/gm, '')
  const [paragraph = ''] = prose.trim().split(/\n\n/)
  const [sentence] = /^[\s\S]*?[.](?=\s|$)/.exec(paragraph) ?? [paragraph]
  return sentence.replaceAll('\n', ' ').replace(/:$/, '.')
}

function tidied(given) {
  const text = given
    // Of several ways to call it, the one with most to say first.
    .split(/^(?=#### Call Signature$)/m)
    .map((way, k) => ({ way, size: k === 0 && !way.startsWith('#### Call') ? Infinity : way.length }))
    .toSorted((a, b) => b.size - a.size)
    .map(({ way }) => `${way.trimEnd()}\n\n`)
    .join('')
  const sections = text
    // A table of names without a meaning says what the line above has said.
    .replace(/^#+ Type Parameters\n\n\| Type Parameter \|\n\| :-+ \|\n(?:\|.*\n)+\n?/gm, '')
    .split(/^(?=#{4,6} )/m)
  let before = ''
  const merged = sections.map((section) => {
    const [, heading, body] = /^(#+ Throws)\n\n([\s\S]*)$/.exec(section) ?? []
    const isNext = heading !== undefined && heading === before
    before = heading
    if (heading === undefined) return section
    // One list of what is thrown.
    const item = `- ${body.trim().replaceAll('\n', '\n  ')}\n`
    return isNext ? item : `${heading}\n\n${item}`
  })
  // A list ends before the next heading.
  return `${merged
    .join('')
    .replace(/^(- .*\n(?: {2}.*\n)*)(?=#)/gm, '$1\n')
    .trimEnd()}\n`
}

function nextSlug(slugs, heading) {
  const slug = heading
    .replaceAll('\\', '')
    .toLowerCase()
    .replace(/[^\w\s-]+/g, '-')
    .replace(/\s+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-+|-+$/g, '')
  const count = slugs.get(slug) ?? 0
  slugs.set(slug, count + 1)
  return count === 0 ? slug : `${slug}-${count}`
}
