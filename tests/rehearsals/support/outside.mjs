// Projects outside the workspace, with the packages of the next release as tarballs.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../..', import.meta.url))
export const tool = (name) => join(root, 'node_modules', '.bin', name)
export const scope = '@checkpoint-schedules/'

/** The tarball of each package. */
export function tarballs() {
  const folder = process.env['TARBALLS']
  if (folder === undefined) throw new Error('There are no tarballs: run pnpm rehearse.')
  return new Map(
    readdirSync(folder).map((file) => [
      scope + /^checkpoint-schedules-(.+)-\d+\.\d+\.\d+.*\.tgz$/.exec(file)[1],
      join(folder, file),
    ]),
  )
}

/** An empty directory, removed after the test. */
export function emptyDirectory(test) {
  const folder = mkdtempSync(join(tmpdir(), 'outside-'))
  test.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A project with these files and our packages, installed by npm as a user would. */
export async function outsideProject(test, { packages, devDependencies = {}, files = {}, fields = {} }) {
  const folder = emptyDirectory(test)
  const all = tarballs()
  const overrides = Object.fromEntries(Array.from(all, ([name, path]) => [name, `file:${path}`]))
  const dependencies = Object.fromEntries(packages.map((name) => [scope + name, overrides[scope + name]]))
  const manifest = {
    name: 'a-project-of-a-stranger',
    version: '1.0.0',
    private: true,
    type: 'module',
    ...fields,
  }
  writeFiles(folder, {
    'package.json': JSON.stringify({ ...manifest, dependencies, devDependencies, overrides }, null, 2),
    ...files,
  })
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], folder)
  return folder
}

export function writeFiles(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

/** Runs a command to its end and gives what it printed; a failure shows all of it. */
export async function run(command, args, cwd = root, { env = {}, status = 0 } = {}) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, CI: 'true', NODE_TEST_CONTEXT: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => (stdout += text))
  child.stderr.on('data', (text) => (stderr += text))
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== status)
    throw new Error(`${command} ${args.join(' ')} ended with ${code}, not ${status}:\n${stdout}\n${stderr}`)
  return { stdout, stderr }
}
