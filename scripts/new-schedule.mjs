// `pnpm new:schedule NAME`: a new schedule package from `scripts/template/`, green at once. It appears whole or not at all.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { membersOf, packagesIn, root } from './workspace.mjs'

const names = process.argv.slice(2).filter((argument) => argument !== '--')
const [name] = names
const fault = names.length === 1 ? faultOf(name) : 'give one name, such as: pnpm new:schedule every-other'
if (fault !== undefined) {
  console.error(`new:schedule: ${fault}`)
  process.exit(2)
}

const camel = camelCase(name)
const pascal = camel[0].toUpperCase() + camel.slice(1)
const place = `packages/schedules/${name}`
const folder = join(root, place)
const changeset = join(root, '.changeset', `new-${name}.md`)
const lockfile = join(root, 'pnpm-lock.yaml')
const lockedBefore = readFileSync(lockfile)
const workshop = mkdtempSync(join(root, 'node_modules', '.new-schedule-'))

let done = false
process.on('exit', () => {
  rmSync(workshop, { recursive: true, force: true })
  if (done) return
  rmSync(folder, { recursive: true, force: true })
  rmSync(changeset, { force: true })
  writeFileSync(lockfile, lockedBefore)
  console.error('new:schedule: nothing was left behind.')
})
// What runs is ended first, so that it makes nothing after we have removed everything.
let running
let isInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    isInterrupted = true
    running?.kill(signal)
  })

cpSync(join(root, 'scripts/template'), workshop, { recursive: true })
for (const entry of readdirSync(workshop, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue
  const file = join(entry.parentPath, entry.name)
  writeFileSync(file, renamed(readFileSync(file, 'utf8')))
  renameSync(file, join(entry.parentPath, renamed(entry.name)))
}
renameSync(workshop, folder)
writeFileSync(
  changeset,
  `---\n'@checkpoint-schedules/${name}': minor\n---\n\nThe schedule ${pascal}: a checkpoint every few steps, recomputation between them.\n`,
)
await run('oxfmt', [folder, changeset])
await run('pnpm', ['install', '--no-frozen-lockfile', '--prefer-offline', '--reporter=silent'])
done = true

console.log(`${place} is made: the schedule ${camel}, its tests, README and bench; and .changeset/new-${name}.md.

  pnpm --filter @checkpoint-schedules/${name} test
  pnpm build && node apps/cli/bin/checkpoint-schedules.js diagram ${name} --steps 20 --period 5

Then change ${place}/src/${name}.ts into your schedule; the tests say which law it breaks.`)

/** What is wrong with a name, if anything. */
function faultOf(name) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40)
    return `a name is at most 40 small letters and digits in words joined by hyphens, such as every-other; got ${JSON.stringify(name)}`
  if (isReserved(camelCase(name))) return `${name} is a reserved word of JavaScript; take another name`
  if (membersOf().some((it) => it.name === name) || name === 'tests')
    return `the name ${name} is taken by a package; take another one`
  if (existsSync(join(root, '.changeset', `new-${name}.md`)))
    return `.changeset/new-${name}.md exists already; remove it or take another name`
  const owner = ownerOf(camelCase(name))
  if (owner !== undefined)
    return `${owner.folder} has a schedule ${camelCase(name)} already; take another name`
  return undefined
}

function camelCase(name) {
  return name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase())
}

function isReserved(identifier) {
  const words =
    'await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield'
  return words.split(' ').includes(identifier)
}

/** The package that exports a schedule of this name. */
function ownerOf(identifier) {
  return packagesIn().find(({ folder }) => {
    const sources = join(root, folder, 'src')
    return (
      existsSync(sources) &&
      readdirSync(sources).some(
        (file) =>
          file.endsWith('.ts') &&
          readFileSync(join(sources, file), 'utf8').includes(`export const ${identifier} = defineSchedule(`),
      )
    )
  })
}

function renamed(text) {
  return text
    .replaceAll('example-schedule', name)
    .replaceAll('exampleSchedule', camel)
    .replaceAll('ExampleSchedule', pascal)
}

async function run(command, args) {
  running = spawn(join(root, 'node_modules', '.bin', command), args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, CI: 'true' },
    shell: process.platform === 'win32',
  })
  const [status] = await once(running, 'exit')
  if (isInterrupted) process.exit(130)
  if (status === 0) return
  console.error(`new:schedule: ${command} ${args[0]} failed; the messages above say why.`)
  process.exit(1)
}
