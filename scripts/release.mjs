// `pnpm release --dry-run [--to DIRECTORY]`: what the next release would be (versions, changelogs, tarballs), made from the
// last commit in a copy of the repository; nothing here changes.
//
// `node scripts/release.mjs --prepare DIRECTORY` is for the release workflow, whose jobs with write permission run none of our code: it leaves
// there what these jobs need. That is `version.patch` with the next versions and changelogs while there are changesets, else the
// tarballs to publish.
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { membersOf, root } from './workspace.mjs'

const { values } = readArguments()
if (values['dry-run']) rehearse(values.to === undefined ? undefined : resolve(values.to))
else if (values.prepare !== undefined) prepare(resolve(values.prepare))
else refuse()

function readArguments() {
  try {
    return parseArgs({
      options: { 'dry-run': { type: 'boolean' }, to: { type: 'string' }, prepare: { type: 'string' } },
    })
  } catch (error) {
    console.error(`release: ${error.message} It takes --dry-run and --to DIRECTORY, or --prepare DIRECTORY.`)
    return process.exit(2)
  }
}

function refuse() {
  console.error(
    'release: packages are published by the release workflow only. To see what it would do: pnpm release --dry-run',
  )
  process.exit(2)
}

function prepare(to) {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env
  if (GITHUB_SERVER_URL === undefined || GITHUB_REPOSITORY === undefined) refuse()
  mkdirSync(to, { recursive: true })
  const copy = copyOfCommit()
  const isChanged = readdirSync(join(copy, '.changeset')).some(
    (name) => name.endsWith('.md') && name !== 'README.md',
  )
  if (isChanged) {
    run('pnpm', ['release:version'], copy)
    run('git', ['add', '--all'], copy)
    writeFileSync(join(to, 'version.patch'), run('git', ['diff', '--cached', '--binary'], copy))
    console.log('The next versions are in version.patch.')
    return
  }
  // The provenance names the repository, and npm compares it with this field.
  for (const { folder, manifest } of publicPackages(copy)) {
    const url = `git+${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}.git`
    const repository = { type: 'git', url, directory: folder }
    writeFileSync(
      join(copy, folder, 'package.json'),
      `${JSON.stringify({ ...manifest, repository }, null, 2)}\n`,
    )
  }
  run('turbo', ['run', 'build', '--output-logs=errors-only'], copy)
  for (const { folder } of publicPackages(copy))
    run('pnpm', ['pack', '--pack-destination', to], join(copy, folder))
  console.log('The tarballs are packed.')
}

/** The last commit, installed, in a directory that is removed at the end. */
function copyOfCommit() {
  const place = mkdtempSync(join(tmpdir(), 'release-'))
  process.on('exit', () => rmSync(place, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))
  const copy = join(place, 'repository')
  run('git', ['clone', '--quiet', '--no-hardlinks', root, copy], place)
  run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline', '--reporter=silent'], copy)
  return copy
}

function rehearse(to) {
  if (output('git', ['status', '--porcelain'], root) !== '')
    console.log('Changes that are not committed are left out.\n')
  const copy = copyOfCommit()
  const tarballs = to ?? join(copy, '..', 'tarballs')
  mkdirSync(tarballs, { recursive: true })
  const before = new Map(publicPackages(copy).map(({ manifest }) => [manifest.name, manifest.version]))
  run('changeset', ['version'], copy)
  run('turbo', ['run', 'build', '--output-logs=errors-only'], copy)
  for (const { folder, manifest } of publicPackages(copy)) {
    const path = join(copy, folder)
    run('pnpm', ['pack', '--pack-destination', tarballs], path)
    const file = join(tarballs, `${manifest.name.slice(1).replace('/', '-')}-${manifest.version}.tgz`)
    const kilobytes = (statSync(file).size / 1000).toFixed(1)
    console.log(`${manifest.name} ${before.get(manifest.name)} → ${manifest.version}, ${kilobytes} kB packed`)
    const changelog = join(path, 'CHANGELOG.md')
    if (manifest.version !== before.get(manifest.name) && existsSync(changelog))
      console.log(`${latest(readFileSync(changelog, 'utf8'))}\n`)
  }
  console.log(
    to === undefined ? 'Nothing was published or kept.' : `Nothing was published. The tarballs are in ${to}.`,
  )
}

/** The newest section of a changelog, indented. */
function latest(changelog) {
  const section = changelog.split(/^## /m)[1] ?? ''
  return section
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => `  ${line}`)
    .join('\n')
}

function publicPackages(at) {
  return membersOf(at).filter(({ manifest }) => manifest.private !== true)
}

function run(command, args, cwd, env = {}) {
  const { status, stdout, stderr } = start(command, args, cwd, env)
  if (status === 0) return stdout
  console.error(
    `${stdout}${stderr}\nrelease: ${command} ${args.join(' ')} failed; the messages above say why.`,
  )
  process.exit(1)
}

function output(command, args, cwd) {
  return start(command, args, cwd, {}).stdout
}

function start(command, args, cwd, env) {
  const bin = join(root, 'node_modules', '.bin')
  const own = join(bin, command)
  return spawnSync(existsSync(own) ? own : command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    // Turbo looks for pnpm there.
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      CI: 'true',
      TURBO_TELEMETRY_DISABLED: '1',
      ...env,
    },
    shell: process.platform === 'win32',
  })
}
