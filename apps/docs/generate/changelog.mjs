/** Changes for users: the changesets of the next release, and the packages' changelogs. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packagesIn, root, target } from './places.mjs'

/** Writes `changelog.md`. */
export function writeChangelog() {
  const waiting = changesets()
  const page = [
    '# Changelog',
    'Changes for authors of schedules, stores, codecs and models are in [Upgrading](../extend/upgrading.md).',
    ...(waiting.length === 0 ? [] : ['## In the next release', waiting.join('\n')]),
    ...packagesIn().flatMap(released),
  ]
  writeFileSync(join(target, 'changelog.md'), `${page.join('\n\n')}\n`)
}

function changesets() {
  const folder = join(root, '.changeset')
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => {
      const [, head, text] = /^---\n([\s\S]*?)^---\n([\s\S]*)$/m.exec(
        readFileSync(join(folder, file), 'utf8'),
      )
      const names = Array.from(head.matchAll(/'@checkpoint-schedules\/(.+)':/g), ([, name]) => `\`${name}\``)
      return `- ${text.trim()} (${names.join(', ')})`
    })
}

function released({ folder, manifest }) {
  const file = join(root, folder, 'CHANGELOG.md')
  if (!existsSync(file)) return []
  const text = readFileSync(file, 'utf8').replace(/^# .*\n/, '')
  return [`## ${manifest.name}`, text.replace(/^##/gm, '###').trim()]
}
