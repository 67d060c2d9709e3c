// The packages as users get them: in a project outside the workspace, on each supported Node, typed, and in a browser.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { build } from 'esbuild'
import { findChromium, launchChromium } from '../support/chromium.mjs'
import { outsideProject, root, run, scope, tarballs, tool, writeFiles } from './support/outside.mjs'

const record = join(root, 'tests/rehearsals/records/public-api.json')
const names = [...tarballs().keys()].map((name) => name.slice(scope.length))
const libraries = names.filter((name) => name !== 'cli')

const gradient = `
import { runAdjoint } from '${scope}driver'
import { revolve } from '${scope}revolve'
import { multistage } from '${scope}multistage'

const model = {
  step: (x) => x + (x * x) / 10,
  tape: (x) => ({ state: x + (x * x) / 10, tape: x }),
  adjoint: (a, x) => a * (1 + x / 5),
}
export async function gradients() {
  const found = []
  for (const schedule of [revolve({ steps: 100, snapshotsInRam: 5 }), multistage({ steps: 100, snapshotsInRam: 5 })]) {
    const { adjoints } = await runAdjoint({ schedule, model, initialState: 0.01, terminalAdjoint: 1 })
    found.push(adjoints[0])
  }
  return found
}
`
// The same by hand: the derivative of the composition of 100 steps.
let [x, expected] = [0.01, 1]
for (let n = 0; n < 100; n++) [expected, x] = [expected * (1 + x / 5), x + (x * x) / 10]

const exportsOf = `
const found = {}
for (const name of ${JSON.stringify(libraries)}) found[name] = Object.keys(await import('${scope}' + name)).sort()
console.log(JSON.stringify(found))
`

await test('outside the workspace', async (t) => {
  const folder = await outsideProject(t, {
    packages: names,
    devDependencies: { 'fast-check': '^4.0.0', '@types/node': '^20.0.0' },
    files: {
      'gradient.js': gradient,
      'run.js': "import { gradients } from './gradient.js'\nconsole.log(JSON.stringify(await gradients()))\n",
      'exports.js': exportsOf,
    },
  })
  const close = (found) => {
    assert.equal(found.length, 2)
    for (const it of found) assert.ok(Math.abs(it - expected) < 1e-12, `${it} is not ${expected}`)
  }

  // NODES="22 24" adds versions, which npm brings.
  const versions = (process.env['NODES'] ?? '').split(' ').filter(Boolean)
  for (const version of ['', ...versions]) {
    const node = (args) =>
      version === ''
        ? run(process.execPath, args, folder)
        : run('npx', ['--yes', '--package', `node@${version}`, '--', 'node', ...args], folder)
    await t.test(`Node ${version || process.version}`, async () => {
      const { stdout: own } = await node(['--version'])
      if (version !== '') assert.match(own, new RegExp(`^v${version}\\.`))
      close(JSON.parse((await node(['run.js'])).stdout))
      const found = JSON.parse((await node(['exports.js'])).stdout)
      if (process.env['UPDATE'] === '1') writeFileSync(record, `${JSON.stringify(found, null, 2)}\n`)
      const recorded = JSON.parse(readFileSync(record, 'utf8'))
      for (const name of Object.keys(recorded)) {
        assert.deepEqual(
          found[name],
          recorded[name],
          `${name}: if this is meant: UPDATE=1 pnpm rehearse users`,
        )
      }
      const cli = `node_modules/${scope}cli/bin/checkpoint-schedules.js`
      assert.match(
        (await node([cli, 'actions', 'revolve', '--steps', '3', '--snapshots-in-ram', '1'])).stdout,
        /EndReverse\(\)/,
      )
    })
  }

  await t.test('source maps lead to the sources', async () => {
    writeFiles(folder, {
      'fail.js': `import { multistage } from '${scope}multistage'
try {
  multistage({ steps: 0, snapshotsInRam: 1 })
} catch (error) {
  console.log(error.stack)
}
`,
    })
    const { stdout } = await run(process.execPath, ['--enable-source-maps', 'fail.js'], folder)
    const [, file, line] =
      /(node_modules\/@checkpoint-schedules\/core\/src\/[\w-]+\.ts):(\d+)/.exec(stdout) ?? []
    assert.ok(file, `no source of core in ${stdout}`)
    assert.match(readFileSync(join(folder, file), 'utf8').split('\n')[line - 1], /Error\(|throw/)
  })

  await t.test('typed, for Node and for bundlers', async () => {
    writeFiles(folder, {
      'typed.ts': `import { multistage } from '${scope}multistage'
import { runAdjoint, type Model } from '${scope}driver'
const model: Model<number, number, number> = {
  step: (x) => x * 2,
  tape: (x) => ({ state: x * 2, tape: x }),
  adjoint: (a) => a * 2,
}
const schedule = multistage({ steps: 4, snapshotsInRam: 1 })
export const result = await runAdjoint({ schedule, model, initialState: 1, terminalAdjoint: 1 })
export const first: number | undefined = result.adjoints[0]
// @ts-expect-error: an option of another name
multistage({ steps: 4, snapshots: 1 })
`,
    })
    const strict = [
      '--noEmit',
      '--strict',
      '--target',
      'es2022',
      '--types',
      'node',
      '--skipLibCheck',
      'false',
    ]
    await run(tool('tsc'), [...strict, '--module', 'nodenext', 'typed.ts'], folder)
    await run(
      tool('tsc'),
      [...strict, '--module', 'esnext', '--moduleResolution', 'bundler', 'typed.ts'],
      folder,
    )
  })

  const executablePath = findChromium()
  const required = process.env['REQUIRE_BROWSER'] === '1'
  const skip = executablePath === undefined && !required && 'no Chromium in CHROMIUM_PATH or PATH'
  await t.test('bundled for a page, in Chromium', { skip }, async () => {
    assert.ok(executablePath, 'REQUIRE_BROWSER is set, and there is no Chromium in CHROMIUM_PATH or PATH')
    writeFiles(folder, {
      'page.js':
        "import { gradients } from './gradient.js'\ngradients().then((found) => (globalThis.found = found))\n",
    })
    const { outputFiles } = await build({
      entryPoints: [join(folder, 'page.js')],
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
    })
    const server = createServer((request, response) => {
      const isScript = request.url === '/page.js'
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
      response.end(
        isScript ? outputFiles[0].text : '<!doctype html><script type="module" src="/page.js"></script>',
      )
    })
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    const browser = await launchChromium(executablePath)
    try {
      const page = await browser.newPage()
      const errors = []
      page.on('pageerror', (error) => errors.push(error.message))
      await page.goto(`http://127.0.0.1:${server.address().port}/`)
      await page.waitForFunction(() => globalThis.found !== undefined, undefined, { timeout: 20_000 })
      close(await page.evaluate(() => globalThis.found))
      assert.deepEqual(errors, [])
    } finally {
      await browser.close()
      server.close()
    }
  })
})
