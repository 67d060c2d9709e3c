// Installs the workspace from the frozen lockfile with the pinned pnpm, unless that is done already.
// Needs only Node and npm: pnpm itself comes from npm, at the version that package.json names.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`This project needs Node >= 20.19; this is ${process.version}.`)
  process.exit(1)
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const stamp = join(root, 'node_modules', '.installed')
const wanted = fingerprint()
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.error(`Installing with ${manifest.packageManager} …`)
  const command = ['--yes', manifest.packageManager, 'install', '--frozen-lockfile']
  const { status } = spawnSync('npx', command, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, CI: 'true' },
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    console.error('The installation failed; the messages above say why. Nothing else was started.')
    process.exit(status ?? 1)
  }
  writeFileSync(stamp, wanted)
}

// What the installation depends on: the lockfile and every package.json of the workspace.
function fingerprint() {
  const hash = createHash('sha256')
  const folders = ['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(parent, name)),
  )
  for (const folder of ['.', 'tests', ...folders]) {
    const file = join(root, folder, 'package.json')
    if (existsSync(file)) hash.update(folder).update(readFileSync(file))
  }
  return hash.update(readFileSync(join(root, 'pnpm-lock.yaml'))).digest('hex')
}
