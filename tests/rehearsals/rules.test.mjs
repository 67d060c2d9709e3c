// The checks of the house rules, themselves under test: in a clone each rule is broken once, and the check about it must say so.
import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { emptyDirectory, root, run, scope } from './support/outside.mjs'

await test('each broken rule is found', async (t) => {
  const clone = join(emptyDirectory(t), 'clone')
  await run('git', ['clone', '--quiet', '--no-hardlinks', root, clone])
  const git = (...args) => run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], clone)
  const check = (script, args, status) =>
    run(process.execPath, [join('scripts', script), ...args], clone, { status })

  const append = (text) => (file) => appendFileSync(file, text)
  const replace = (from, to) => (file) => {
    const text = readFileSync(file, 'utf8')
    assert.ok(text.includes(from), `${file} has no ${from}`)
    writeFileSync(file, text.replace(from, to))
  }
  const imported = (name) => replace('import {', `import '${scope}${name}'\nimport {`)
  const cases = [
    [
      'a family that imports a family',
      'packages/schedules/basic/src/none.ts',
      imported('multistage'),
      'conventions.mjs',
      /must not import @checkpoint-schedules\/multistage/,
    ],
    [
      'core that imports the simulator',
      'packages/contract/core/src/run.ts',
      imported('simulator'),
      'conventions.mjs',
      /must not import @checkpoint-schedules\/simulator; contract may import its own layer/,
    ],
    [
      'a source that imports the test kit',
      'packages/schedules/basic/src/none.ts',
      imported('testkit'),
      'conventions.mjs',
      /must not import @checkpoint-schedules\/testkit/,
    ],
    [
      'Node in a browser package',
      'packages/schedules/basic/src/none.ts',
      replace('import {', "import 'node:fs'\nimport {"),
      'conventions.mjs',
      /must work in browsers/,
    ],
    [
      'a third-party dependency',
      'packages/contract/core/package.json',
      replace('"engines"', '"dependencies": { "left": "1.0.0" },\n  "engines"'),
      'conventions.mjs',
      /must have no third-party dependency/,
    ],
    [
      'a cycle',
      'packages/contract/core/package.json',
      replace('"engines"', `"devDependencies": { "${scope}simulator": "workspace:^" },\n  "engines"`),
      'conventions.mjs',
      /cycle: /,
    ],
    [
      'another shape',
      'packages/contract/core/package.json',
      replace('"sideEffects": false', '"sideEffects": true'),
      'conventions.mjs',
      /sideEffects must be false/,
    ],
    [
      'a README without a part',
      'packages/contract/core/README.md',
      replace('## Types', '## Kinds'),
      'conventions.mjs',
      /headings missing: Types/,
    ],
    [
      'a star export',
      'packages/schedules/basic/src/index.ts',
      append("export * from './none.js'\n"),
      'conventions.mjs',
      /explicit named exports only/,
    ],
    [
      'an old drawing',
      'ARCHITECTURE.md',
      replace('  simulator --> core\n', ''),
      'draw-layers.mjs',
      /not what the sources import/,
      ['--check'],
    ],
  ]
  for (const [what, file, change, script, message, args = []] of cases) {
    await t.test(what, async () => {
      await check(script, args, 0)
      change(join(clone, file))
      assert.match((await check(script, args, 1)).stderr, message)
      await git('checkout', '--quiet', '--', file)
    })
  }

  await t.test('a change that no changeset tells of', async () => {
    const { stdout: base } = await git('rev-parse', 'HEAD')
    const since = [base.trim()]
    appendFileSync(join(clone, 'packages/contract/core/test/run.test.ts'), '// a test\n')
    await git('commit', '--quiet', '--all', '--message', 'Change a test')
    await check('changeset-check.mjs', since, 0)
    appendFileSync(join(clone, 'packages/contract/core/src/run.ts'), '// a change\n')
    await git('commit', '--quiet', '--all', '--message', 'Change a source')
    assert.match(
      (await check('changeset-check.mjs', since, 1)).stderr,
      /sources of @checkpoint-schedules\/core changed/,
    )
    writeFileSync(join(clone, '.changeset/told.md'), `---\n'${scope}core': patch\n---\n\nA change.\n`)
    await git('add', '.changeset')
    await git('commit', '--quiet', '--message', 'Tell of it')
    await check('changeset-check.mjs', since, 0)
    assert.match((await check('changeset-check.mjs', ['no-such-base'], 2)).stderr, /there is no no-such-base/)
  })
})
