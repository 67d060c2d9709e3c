// A stranger's schedule package in an empty directory: tested with the test kit under Node's own runner, and used from the CLI.
import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { outsideProject, run, scope, tool, writeFiles } from './support/outside.mjs'
import { filesShown } from './support/pages.mjs'

await test('from nothing to a green schedule, by following the page', async (t) => {
  const shown = filesShown('apps/docs/extend/your-own-schedule.md')
  const folder = await outsideProject(t, {
    packages: ['core', 'testkit', 'cli', 'driver'],
    devDependencies: { 'fast-check': '^4.0.0' },
    files: { 'index.js': shown('index.js'), 'index.test.js': shown('index.test.js') },
    fields: JSON.parse(shown('package.json')),
  })
  const { stdout } = await run(process.execPath, ['--test'], folder)
  assert.match(stdout, /gives the gradient of a run that stores everything/)
  assert.match(stdout, /(# fail 0|ℹ fail 0)/)

  // It is found by its mark, from a project that depends on it.
  const cli = join(folder, `node_modules/${scope}cli/bin/checkpoint-schedules.js`)
  const user = join(folder, 'user')
  writeFiles(user, {
    'package.json': JSON.stringify({ name: 'a-user', private: true, dependencies: { 'every-other': '*' } }),
  })
  for (const file of ['package.json', 'index.js'])
    cpSync(join(folder, file), join(user, 'node_modules', 'every-other', file))
  const { stdout: actions } = await run(
    process.execPath,
    [cli, 'actions', 'every-other', '--steps', '3'],
    user,
  )
  assert.match(actions, /Forward\(0, 2, true, false, RAM\)/)
  const { stdout: gradient } = await run(
    process.execPath,
    [cli, 'run', '--model', 'burgers1d', '--schedule', 'every-other'],
    user,
  )
  assert.match(gradient, /every-other|EveryOther/)

  // A broken one is told which law it breaks.
  writeFiles(folder, {
    'index.js': shown('index.js').replace("yield move(n, 'RAM')", "yield copy(n, 'RAM')"),
  })
  const { stdout: broken } = await run(process.execPath, ['--test'], folder, { status: 1 })
  assert.match(broken, /breaks the law leftover/)
  assert.ok(tool('tsc'))
})
