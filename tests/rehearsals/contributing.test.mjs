// CONTRIBUTING, word by word, in a fresh clone: from nothing to a green new schedule.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { emptyDirectory, root, run } from './support/outside.mjs'

await test('a new contributor', async (t) => {
  const clone = join(emptyDirectory(t), 'clone')
  await run('git', ['clone', '--quiet', '--no-hardlinks', root, clone])
  const page = readFileSync(join(clone, 'CONTRIBUTING.md'), 'utf8')
  const block = /## A new schedule[\s\S]*?```sh\n([\s\S]*?)```/.exec(page)?.[1]
  assert.ok(block, 'CONTRIBUTING has no commands under "A new schedule"')
  const commands = block
    .split('\n')
    .map((line) => line.replace(/\s*#.*$/, ''))
    .filter(Boolean)
  assert.ok(commands.some((command) => command.includes('new:schedule every-other')))
  // A contributor's shell has no pnpm, only Node and npm.
  const path = process.env['PATH']
    .split(':')
    .filter((it) => !it.includes('node_modules'))
    .join(':')
  const shell = (command, status = 0) => run('bash', ['-c', command], clone, { env: { PATH: path }, status })
  const changes = async () => (await shell('git status --porcelain')).stdout.split('\n').filter(Boolean)

  for (const command of commands) {
    await t.test(command, async () => {
      const { stdout } = await shell(command)
      if (command.includes(' diagram ')) assert.match(stdout, /EndReverse\(\)/)
      if (command === 'npm test') {
        assert.match(stdout, /\n[1-9]\d* passed, 0 failed\n$/)
        assert.equal(stdout.match(/^\d+ passed, \d+ failed$/gm)?.length, 1)
      }
    })
  }
  assert.deepEqual(await changes(), [
    ' M pnpm-lock.yaml',
    '?? .changeset/new-every-other.md',
    '?? packages/schedules/every-other/',
  ])

  for (const command of [
    ...['lint', 'format:check', 'typecheck', 'layers', 'unused'].map((it) => `npx pnpm ${it}`),
    'node packages/schedules/every-other/bench/actions.mjs',
    'npx pnpm --filter @checkpoint-schedules/tests exec vitest run --config ../vitest.config.ts test/laws.test.ts -t everyOther',
  ]) {
    await t.test(`the new schedule passes: ${command}`, async () => {
      const { stdout } = await shell(command)
      if (command.includes('vitest')) assert.match(stdout, /everyOther obeys the laws|1 passed/)
    })
  }
  assert.equal((await changes()).length, 3)

  await t.test('the site finds the new schedule: a page, and an entry of the playground', async () => {
    await shell('npx pnpm docs:build')
    const site = join(clone, 'apps/docs/.vitepress/dist')
    assert.match(readFileSync(join(site, 'schedules/every-other.html'), 'utf8'), /EveryOther/)
    // The worker of the playground has all schedules in it.
    const worker = readdirSync(join(site, 'assets')).find((file) => file.startsWith('plan-worker'))
    assert.ok(worker, 'the playground has no worker')
    assert.match(readFileSync(join(site, 'assets', worker), 'utf8'), /EveryOther/)
    assert.equal((await changes()).length, 3)
  })

  await t.test('Ctrl-C leaves nothing', async () => {
    const before = await changes()
    // As a terminal does, it goes to all processes of the group.
    const child = spawn(process.execPath, ['scripts/new-schedule.mjs', 'another-one'], {
      cwd: clone,
      detached: true,
      stdio: 'ignore',
    })
    const ended = once(child, 'exit')
    while (!existsSync(join(clone, 'packages/schedules/another-one')) && child.exitCode === null)
      await setTimeout(5)
    assert.equal(child.exitCode, null, 'it was over before it could be interrupted')
    const group = child.pid
    assert.ok(group)
    process.kill(-group, 'SIGINT')
    await ended
    assert.deepEqual(await changes(), before)
    assert.equal(existsSync(join(clone, 'packages/schedules/another-one')), false)
  })

  await t.test('a name that is taken or cannot be leaves nothing', async () => {
    const before = await changes()
    for (const [name, words] of [
      ['every-other', /taken/],
      ['core', /taken/],
      ['single-memory', /packages\/schedules\/basic has a schedule singleMemory/],
      ['Every', /small letters/],
      ['../up', /small letters/],
      ['class', /reserved word/],
      ['', /give one name|small letters/],
    ]) {
      const { stderr } = await shell(`node scripts/new-schedule.mjs '${name}'`, 2)
      assert.match(stderr, words)
      assert.deepEqual(await changes(), before)
    }
  })

  await t.test('an installation that fails leaves nothing', async () => {
    const before = await changes()
    const packages = readdirSync(join(clone, 'packages/schedules'))
    const lockfile = readFileSync(join(clone, 'pnpm-lock.yaml'), 'utf8')
    const { stderr } = await run('bash', ['-c', 'node scripts/new-schedule.mjs another-one'], clone, {
      env: { PATH: path, npm_config_offline: 'true', npm_config_store_dir: join(clone, 'out', 'no-store') },
      status: 1,
    })
    assert.match(stderr, /nothing was left behind/)
    assert.deepEqual(await changes(), before)
    assert.deepEqual(readdirSync(join(clone, 'packages/schedules')), packages)
    assert.equal(readFileSync(join(clone, 'pnpm-lock.yaml'), 'utf8'), lockfile)
    assert.equal(existsSync(join(clone, '.changeset/new-another-one.md')), false)
  })
})
