// `npm test`: the tests of every package, by turbo, and at the end one line for all of them: `N passed, N failed`. Arguments after
// `npm test --` go to turbo, for example `--filter @checkpoint-schedules/core`. The exit code is turbo's.
//
// Each package leaves its counts under the hash of what it was tested with (count-tests.mjs). Turbo restores them with a result from
// its cache; counts under another hash are those of an earlier run and are left out.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { COUNTS } from './count-tests.mjs'
import { root } from './workspace.mjs'

const summaries = join(root, '.turbo', 'runs')

const before = new Set(listed())
const code = await runTurbo(process.argv.slice(2))
const tasks = listed()
  .filter((name) => !before.has(name))
  .flatMap((name) => testsIn(join(summaries, name)))

const total = { passed: 0, failed: 0 }
const silent = []
for (const task of tasks) {
  const counts = countsOf(task)
  if (counts === undefined) silent.push(task.package)
  total.passed += counts?.passed ?? 0
  total.failed += counts?.failed ?? 0
}
if (silent.length > 0) console.log(`Not tested, or cut off: ${silent.join(', ')}.`)
if (tasks.length === 0) console.log('No package was tested.')
// Success means that every test that was asked for has run and passed.
process.exitCode = code === 0 && (silent.length > 0 || tasks.length === 0 || total.failed > 0) ? 1 : code
console.log(`${total.passed} passed, ${total.failed} failed`)

/** Turbo's exit code. A failure in one package does not keep others from being tested. */
async function runTurbo(args) {
  const bin = join(root, 'node_modules', '.bin')
  const typed = ['run', 'test', '--continue=dependencies-successful', '--summarize', ...args]
  const turbo = spawn('turbo', typed, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
    shell: process.platform === 'win32',
  })
  process.on('SIGINT', () => undefined) // turbo receives it too, and ends
  const [status, signal] = await once(turbo, 'close')
  return signal === null ? status : 130
}

function listed() {
  return existsSync(summaries) ? readdirSync(summaries) : []
}

/** The tasks in turbo's summary that are tests; removes the summary. */
function testsIn(file) {
  const { tasks } = JSON.parse(readFileSync(file, 'utf8'))
  rmSync(file)
  return tasks.filter(({ task }) => task === 'test')
}

function countsOf({ directory, hash }) {
  const file = join(root, directory, COUNTS)
  const counts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  return counts?.hash === hash ? counts : undefined
}
