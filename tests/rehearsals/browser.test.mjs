// The example of a model in a worker, as a user bundles it: by Vite, built and served, and by esbuild, without any configuration. In
// Chromium it is reloaded in the midst, and resumes.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { heat } from '../../examples/in-a-page/heat.js'
import { findChromium, launchChromium } from '../support/chromium.mjs'
import { outsideProject, root, run } from './support/outside.mjs'

const example = join(root, 'examples/in-a-page')
const steps = 400

/** What the page must say: computed here, with checkpoints in memory. */
async function expectedText() {
  const { model, initialState, misfit, misfitGradient } = heat({ cells: 50_000 })
  const { finalState, adjoints } = await runAdjoint({
    schedule: multistage({ steps, snapshotsInRam: 40 }),
    model,
    initialState,
    terminalAdjoint: misfitGradient,
  })
  const norm = Math.hypot(...adjoints[0].filter((_, i) => i % 50 === 0))
  return `J = ${misfit(finalState).toPrecision(12)}, |dJ/du| = ${norm.toPrecision(12)}; `
}

/** Serves a folder. */
async function served(folder, work) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    const file = join(folder, pathname === '/' ? 'index.html' : pathname)
    if (!existsSync(file)) return void response.writeHead(404).end()
    response.setHeader('content-type', file.endsWith('.js') ? 'text/javascript' : 'text/html')
    response.end(readFileSync(file))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await work(`http://127.0.0.1:${server.address().port}/`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** Vite's development server. */
async function developed(folder, work) {
  const vite = join(folder, 'node_modules/vite/bin/vite.js')
  const child = spawn(process.execPath, [vite, '--port', '0', '--host', '127.0.0.1'], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(line) ?? []
      if (url === undefined) continue
      await work(url)
      break
    }
  } finally {
    child.kill()
    await once(child, 'exit')
  }
}

const executablePath = findChromium()
const required = process.env['REQUIRE_BROWSER'] === '1'
const skip = executablePath === undefined && !required && 'no Chromium in CHROMIUM_PATH or PATH'
await test('a model in a worker', { skip }, async (t) => {
  assert.ok(executablePath, 'REQUIRE_BROWSER is set, and there is no Chromium in CHROMIUM_PATH or PATH')
  const files = readdirSync(example).filter((name) => !name.endsWith('.md'))
  const folder = await outsideProject(t, {
    packages: ['driver', 'multistage', 'storage-browser'],
    devDependencies: { vite: '^8.0.0', esbuild: '^0.28.0' },
    files: Object.fromEntries(files.map((name) => [name, readFileSync(join(example, name), 'utf8')])),
  })
  const expected = await expectedText()
  const browser = await launchChromium(executablePath)
  t.after(() => browser.close())

  const use = async (url) => {
    const tab = await (await browser.newContext()).newPage()
    const errors = []
    tab.on('pageerror', (error) => errors.push(error.message))
    tab.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    const status = tab.getByRole('status')
    const says = (text) => status.filter({ hasText: text }).waitFor({ timeout: 120_000 })
    await tab.goto(`${url}?steps=${steps}`)
    await tab.getByRole('button', { name: 'Start' }).click()
    await says(/reverse/)
    assert.ok((await tab.getByRole('progressbar').getAttribute('value')) > 0)
    await tab.getByRole('button', { name: 'Stop' }).click()
    await says('Stopped; press Start to resume.')
    await tab.reload()
    await says(/An earlier visit has reversed \d+ of 400 steps/)
    await tab.getByRole('button', { name: 'Resume' }).click()
    await says(/J = /)
    const text = await status.textContent()
    assert.ok(text.startsWith(expected), `${text} does not begin with ${expected}`)
    assert.match(text, /kB of checkpoints outside memory$/)
    assert.deepEqual(errors, [])
    await tab.context().close()
  }

  await t.test('built by vite', async () => {
    await run('npx', ['vite', 'build', '--logLevel', 'error'], folder)
    await served(join(folder, 'dist'), use)
  })
  await t.test('served by vite while it is developed', () =>
    developed(folder, async (url) => {
      // At the first visit Vite finds what the worker imports, and reloads the page.
      const tab = await browser.newPage()
      await tab.goto(`${url}?steps=1`)
      const reloaded = tab.waitForEvent('load', { timeout: 120_000 })
      const done = tab.getByText(/J = /).waitFor({ timeout: 120_000 })
      await tab.getByRole('button', { name: 'Start' }).click()
      await Promise.any([reloaded, done])
      await tab.close()
      await Promise.allSettled([reloaded, done])
      await use(url)
    }),
  )
  await t.test('bundled by esbuild', async () => {
    const out = join(folder, 'out')
    mkdirSync(out)
    await run('npx', ['esbuild', 'page.js', 'worker.js', '--bundle', '--format=esm', '--outdir=out'], folder)
    copyFileSync(join(folder, 'index.html'), join(out, 'index.html'))
    await served(out, use)
  })
})
