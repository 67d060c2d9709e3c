// Kills a real browser with SIGKILL at random moments of a run, again while it resumes, and compares what comes out in the end:
// `node tests/kill/browser-kills.mjs [KILLS] [SEED]`. Also imported by the tests, with fewer kills. Runs are in pages and in workers, with
// journals in OPFS and in IndexedDB.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { simulate } from '@checkpoint-schedules/simulator'
import { build } from 'esbuild'
import { chromiumFlags, findChromium } from '../support/chromium.mjs'
import { randomFrom } from './random.mjs'
import { schedules, steps } from './schedules.mjs'

/** A server of the page, and browsers with one profile that visit it. */
export async function browsers() {
  const folder = await mkdtemp(join(tmpdir(), 'checkpoint-schedules-'))
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('browser-page.mjs', import.meta.url))],
    conditions: ['@checkpoint-schedules/source'],
    bundle: true,
    format: 'esm',
    write: false,
  })
  const script = outputFiles[0].text
  let heard = () => {}
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      heard(JSON.parse(await text(request)))
      response.end()
      return
    }
    const isScript = request.url.startsWith('/page.js')
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(
      isScript
        ? script
        : '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
    )
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${server.address().port}`

  return {
    /** Visits the page with these settings, until it asks for its end, or has a result. Either way the browser is killed. */
    async visit(settings) {
      const lines = []
      const child = spawn(
        findChromium(),
        [
          ...chromiumFlags,
          '--headless',
          '--disable-crash-reporter',
          `--user-data-dir=${join(folder, 'profile')}`,
          `${origin}/?${new URLSearchParams(settings)}`,
        ],
        { stdio: 'ignore', detached: true },
      )
      const exited = once(child, 'exit')
      // Whether it was killed in the midst.
      const wasKilled = await new Promise((resolve, reject) => {
        heard = (said) => {
          if (said.what === 'kill') resolve(true)
          else lines.push(said)
          if (said.what === 'result') resolve(false)
        }
        exited.then(([code]) => reject(new Error(`the browser ended by itself, with status ${code}`)), reject)
      })
      heard = () => {}
      // Its group: all processes of the browser. After a run has ended the browser quits by itself, and writes down what was deleted.
      if (wasKilled) process.kill(-child.pid, 'SIGKILL')
      else child.kill('SIGTERM')
      await exited
      return { wasKilled, lines, result: lines.at(-1) }
    },
    async close() {
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
      await rm(folder, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

/**
 * Kills so many browsers; `tell` is told of each run. All schedules have the same bits.
 *
 * @returns counts, and what went wrong
 */
export async function killBrowsers({ kills, seed, tell = () => {} }) {
  const random = randomFrom(seed)
  const among = (values) => values[Math.floor(random() * values.length)]
  const counts = { kills: 0, twice: 0, resumed: 0, startedOver: 0, inReverse: 0, recomputed: 0 }
  const wrong = []
  const { visit, close } = await browsers()
  try {
    const { digest } = (await visit({ schedule: 'singleMemory', journal: 'none' })).result
    for (let i = 0; counts.kills < kills; i++) {
      const schedule = Object.keys(schedules)[i % Object.keys(schedules).length]
      const settings = {
        schedule,
        journal: i % 3 === 2 ? 'indexedDb' : 'opfs',
        in: i % 2 === 0 ? 'page' : 'worker',
        name: `run-${i}`,
        every: among([7, 20, 60]),
      }
      const { forwardSteps, adjointSteps } = simulate(schedules[schedule](), { steps })
      const calls = forwardSteps + adjointSteps
      const at = []
      let last
      for (;;) {
        // The first kill anywhere in the run; then, often, one soon: while it is resumed.
        if (at.length > 0 && random() < 0.5) break
        const kill = 1 + Math.floor(random() * (at.length === 0 ? calls : 0.3 * calls))
        last = await visit({ ...settings, kill })
        if (!last.wasKilled) break // the rest was shorter
        counts.kills += 1
        at.push(kill)
      }
      if (last.wasKilled) last = await visit(settings)
      if (at.length > 1) counts.twice += 1
      for (const { type, message } of last.lines) {
        if (type === 'resumed') counts.resumed += 1
        if (type === 'started-over') counts.startedOver += 1
        if (type === 'recomputed') counts.recomputed += 1
        if (type === 'resumed' && message.includes('reverse')) counts.inReverse += 1
      }
      const { result } = last
      if (digest === undefined || result.digest !== digest || !result.isInOrder || result.left?.length !== 0)
        wrong.push({ settings, at, result })
      tell({ settings, at, result })
    }
  } finally {
    await close()
  }
  return { counts, wrong }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [kills = 50, seed = Date.now() % 2 ** 32] = process.argv.slice(2).map(Number)
  console.log(`${kills} kills, seed ${seed}`)
  const { counts, wrong } = await killBrowsers({ kills, seed, tell: () => process.stderr.write('.') })
  console.log(`\n${JSON.stringify(counts)}`)
  for (const it of wrong) console.log(`wrong: ${JSON.stringify(it)}`)
  process.exitCode = wrong.length === 0 ? 0 : 1
}
