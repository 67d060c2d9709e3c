// Installs the workspace from the frozen lockfile with the pinned pnpm, unless it is installed already.
// Needs only Node and npm: pnpm itself comes from npm, at the version that package.json names.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { membersOf, root } from './workspace.mjs'

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
  for (const folder of ['.', 'tests', 'examples', ...membersOf().map((it) => it.folder)])
    hash.update(folder).update(readFileSync(join(root, folder, 'package.json')))
  return hash.update(readFileSync(join(root, 'pnpm-lock.yaml'))).digest('hex')
}
