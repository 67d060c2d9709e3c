/** TypeDoc's page of a package, taken apart into its exports and tidied. */

/**
 * The exports of a page, in its order: `{ name, group, anchor, anchors, text }`, where `anchors` are all ids in the text, and the names that
 * are only passed on from other packages, each with a link.
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
        name: heading.replace(/\W.*$/, ''),
        heading: heading.replaceAll('\\', ''),
        group,
        anchor,
        anchors: [anchor, ...others, ...ids],
        text: tidied(body),
      })
    }
  }
  return { entries, passedOn }
}

/** An export under a heading of this level. */
export function entryText({ heading, anchor, text }, level) {
  const shift = level - 3
  const deeper = text.replace(
    /^(#{4,6}) /gm,
    (_, signs) => `${'#'.repeat(Math.max(1, signs.length + shift))} `,
  )
  return `${'#'.repeat(level)} ${heading} {#${anchor}}\n${deeper}`
}

/** What an export is, in its first sentence. */
export function summaryOf({ text }) {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/^#.*$/gm, '')
  const [paragraph = ''] = prose.trim().split(/\n\n/)
  const [sentence] = /^[\s\S]*?[.:](?=\s|$)/.exec(paragraph) ?? [paragraph]
  return sentence.replaceAll('\n', ' ').replace(/:$/, '.').replaceAll('|', '\\|')
}

function tidied(text) {
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
