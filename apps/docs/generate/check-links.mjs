/** VitePress finds dead links in a page's text; this also finds them in sidebars and menus, and finds links to headings that do not exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/** Throws a sentence for each link within the built site that leads nowhere. */
export function checkLinks(folder) {
  const pages = new Map(
    readdirSync(folder, { recursive: true })
      .filter((file) => file.endsWith('.html'))
      .map((file) => [`/${file.replaceAll('\\', '/')}`, readFileSync(join(folder, file), 'utf8')]),
  )
  const ids = new Map(Array.from(pages, ([page, html]) => [page, new Set(valuesOf('id', html))]))
  const leadsSomewhere = (link, page) => {
    const [path, anchor] = decodeURIComponent(link)
      .replace(/\?[^#]*/, '')
      .split('#')
    const file = path === '' ? page : fileOf(path, page)
    if (anchor === undefined || anchor === '') return ids.has(file) || existsSync(join(folder, file))
    return ids.get(file)?.has(anchor) === true
  }
  const dead = Array.from(pages).flatMap(([page, html]) =>
    valuesOf('href', html)
      .filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(link, page))
      .map((link) => `${page}: ${link} leads nowhere`),
  )
  if (dead.length > 0) throw new Error([...new Set(dead)].join('\n'))
}

const valuesOf = (attribute, html) =>
  Array.from(html.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g')), ([, value]) => value)

function fileOf(path, page) {
  const file = posix.resolve(posix.dirname(page), path)
  if (path.endsWith('/')) return posix.join(file, 'index.html')
  return posix.extname(file) === '' ? `${file}.html` : file
}
