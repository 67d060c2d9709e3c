// The site's pages that tell how to do something, followed by somebody who does what they say.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { findChromium, launchChromium } from '../support/chromium.mjs'
import { outsideProject, run, scope } from './support/outside.mjs'
import { filesShown, outputShown } from './support/pages.mjs'

await test('Get started', async (t) => {
  const page = 'apps/docs/get-started.md'
  const shown = filesShown(page)
  const names = ['gradient.js', 'run.js', 'index.html', 'main.js']
  const folder = await outsideProject(t, {
    packages: ['driver', 'revolve', 'gradient-checks'],
    devDependencies: { vite: '^8.0.0' },
    files: Object.fromEntries(names.map((name) => [name, shown(name)])),
  })
  const output = outputShown(page, 'node run.js')

  await t.test('in Node', async () => {
    assert.equal((await run(process.execPath, ['run.js'], folder)).stdout, output)
  })

  const executablePath = findChromium()
  const required = process.env['REQUIRE_BROWSER'] === '1'
  const skip = executablePath === undefined && !required && 'no Chromium in CHROMIUM_PATH or PATH'
  await t.test('in a page', { skip }, async () => {
    assert.ok(executablePath, 'REQUIRE_BROWSER is set, and there is no Chromium in CHROMIUM_PATH or PATH')
    await run('npx', ['vite', 'build', '--logLevel', 'error'], folder)
    const server = createServer((request, response) => {
      const file = join(folder, 'dist', request.url === '/' ? 'index.html' : request.url)
      if (!existsSync(file)) return void response.writeHead(404).end()
      response.setHeader('content-type', file.endsWith('.js') ? 'text/javascript' : 'text/html')
      response.end(readFileSync(file))
    })
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    const browser = await launchChromium(executablePath)
    try {
      const tab = await browser.newPage()
      await tab.goto(`http://127.0.0.1:${server.address().port}/`)
      const result = tab.getByText(/^J = /)
      await result.waitFor({ timeout: 20_000 })
      const [value, derivative] = [...output.matchAll(/^(?:J|dJ\/du\[0\]) (.+)$/gm)].map(
        ([, number]) => number,
      )
      assert.equal(await result.textContent(), `J = ${value}, dJ/du[0] = ${derivative}`)
    } finally {
      await browser.close()
      server.close()
    }
  })
})

await test('Bring your own model', async (t) => {
  const page = 'apps/docs/bring-your-own-model.md'
  const shown = filesShown(page)
  const names = ['burgers.js', 'check.js', 'mistake.js', 'run.js', 'pendulum.js', 'problem.js']
  const folder = await outsideProject(t, {
    packages: ['driver', 'revolve', 'gradient-checks', 'cli'],
    files: Object.fromEntries(names.map((name) => [name, shown(name)])),
  })
  for (const name of ['check.js', 'mistake.js', 'run.js', 'pendulum.js'])
    assert.equal((await run(process.execPath, [name], folder)).stdout, outputShown(page, `node ${name}`))
  const cli = `node_modules/${scope}cli/bin/checkpoint-schedules.js`
  const flags = ['--model', './problem.js', '--schedule', 'revolve', '--ram', '10', '--taylor', '--json']
  const { stdout } = await run(process.execPath, [cli, 'run', ...flags], folder)
  assert.equal(JSON.parse(stdout).taylor.verdict, 'passed', stdout)
})

await test('Your own store', async (t) => {
  const shown = filesShown('apps/docs/extend/your-own-store.md')
  const names = ['key-value-store.js', 'key-value-store.test.js']
  const folder = await outsideProject(t, {
    packages: ['core', 'driver', 'testkit'],
    devDependencies: { 'fast-check': '^4.0.0' },
    files: Object.fromEntries(names.map((name) => [name, shown(name)])),
  })
  const { stdout } = await run(process.execPath, ['--test'], folder)
  assert.match(stdout, /disposes of each value once/)
  assert.match(stdout, /(# fail 0|ℹ fail 0)/)
})
