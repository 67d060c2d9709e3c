// Says which packages have changed sources and no changeset, compared with where this branch left the base (default: main).
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' })
const wanted = process.argv[2]
const base = [wanted, 'origin/main', 'main'].find(
  (name) => name !== undefined && git('rev-parse', '--verify', '--quiet', `${name}^{commit}`).status === 0,
)
if (base === undefined || (wanted !== undefined && base !== wanted)) {
  console.error(
    `changesets: there is no ${wanted ?? 'main'} to compare with; fetch it, or name another base.`,
  )
  process.exit(wanted === undefined ? 0 : 2)
}

const lines = (text) => text.split('\n').filter((line) => line !== '')
const changed = lines(git('diff', '--name-only', `${base}...HEAD`).stdout)
const added = lines(
  git('diff', '--name-only', '--diff-filter=AM', `${base}...HEAD`, '--', '.changeset/*.md').stdout,
)
const told = added
  .filter((file) => existsSync(join(root, file)))
  .map((file) => readFileSync(join(root, file), 'utf8'))

const missing = new Set()
for (const file of changed) {
  const folder = /^((?:packages\/[^/]+|apps)\/[^/]+)\/src\//.exec(file)?.[1]
  if (folder === undefined || !existsSync(join(root, folder, 'package.json'))) continue
  const { name, private: isPrivate } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  if (!isPrivate && !told.some((text) => text.includes(`'${name}':`) || text.includes(`"${name}":`)))
    missing.add(name)
}
const isEmpty = told.some((text) => /^---\s*---/.test(text))
if (missing.size > 0 && !isEmpty) {
  console.error(
    `changesets: the sources of ${[...missing].join(', ')} changed since ${base}, and no changeset says so. ` +
      'Run npx changeset, or npx changeset --empty if users see nothing of it.',
  )
  process.exit(1)
}
console.log(`changesets: nothing is missing since ${base}`)
