// `pnpm rehearse [NAME…]`: what users, outside contributors and the release workflow do, carried out with the packages of the next release.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'tests', 'rehearsals')
const all = readdirSync(folder).filter((file) => file.endsWith('.test.mjs'))
const names = process.argv.slice(2)
const unknown = names.filter((name) => !all.includes(`${name}.test.mjs`))
if (unknown.length > 0) {
  console.error(
    `There is no rehearsal ${unknown.join(', ')}; there are ${all.map((it) => it.slice(0, -9)).join(', ')}.`,
  )
  process.exit(2)
}
const place = mkdtempSync(join(tmpdir(), 'rehearsal-'))
process.on('exit', () => rmSync(place, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))

run(['scripts/release.mjs', '--dry-run', '--to', place])
const files = (names.length > 0 ? names.map((name) => `${name}.test.mjs`) : all).map((file) =>
  join(folder, file),
)
run(['--test', '--test-concurrency=1', '--test-reporter=spec', ...files])

function run(args) {
  const env = { ...process.env, CI: 'true', TARBALLS: place }
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env })
  if (status !== 0) process.exit(status ?? 1)
}
