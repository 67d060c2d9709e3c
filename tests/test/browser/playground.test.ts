/** The playground of the built site, used as a reader does: what it shows is what the simulator counts. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { formatAction, type Schedule } from '@checkpoint-schedules/core'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { online } from '@checkpoint-schedules/online'
import { hRevolve, revolve } from '@checkpoint-schedules/revolve'
import { simulate } from '@checkpoint-schedules/simulator'
import { momentAt, record, toSvg, whyAt } from '@checkpoint-schedules/space-time'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runBurgers } from '../../../apps/docs/src/playground/burgers-run.js'
import { describeInBrowser } from '../support/browser.js'
import { serve, type StaticServer } from '../support/static-server.js'

const dist = fileURLToPath(new URL('../../../apps/docs/.vitepress/dist/', import.meta.url))
const bin = fileURLToPath(new URL('../../../apps/cli/bin/checkpoint-schedules.js', import.meta.url))
const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 3 })

/** The table of counts: a row's label, and what it says for each schedule. */
async function countsOf(page: Page): Promise<Record<string, string[]>> {
  const rows = await page.locator('table.counts tbody tr').all()
  const entries = rows.map(async (row) => {
    const [label, ...values] = await row.locator('th, td').allTextContents()
    return [label, values] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** What the table must say. */
function expected(schedule: Schedule, steps: number, costs = {}) {
  const { forwardSteps, makespan, peak, actions } = simulate(schedule, { steps, costs })
  return {
    Actions: number(actions),
    'Forward steps': number(forwardSteps),
    Time: number(makespan),
    ...Object.fromEntries(
      Object.entries(peak).map(([storage, most]) => [`Most held in ${storage}`, number(most)]),
    ),
  }
}

async function shows(page: Page, column: number, facts: Record<string, string>): Promise<void> {
  await expect
    .poll(async () => {
      const counts = await countsOf(page)
      return Object.fromEntries(Object.keys(facts).map((key) => [key, counts[key]?.[column]]))
    })
    .toEqual(facts)
}

describeInBrowser('the playground', (open) => {
  let server: StaticServer
  let folder: string
  beforeAll(async () => {
    server = await serve(dist)
    folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
  })
  afterAll(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })
  const visit = async (query = '') => {
    const opened = await open({ origin: server.origin })
    await opened.page.goto(`${server.origin}/playground.html${query}`)
    await opened.page.locator('table.counts').waitFor()
    return opened
  }
  const saved = async (page: Page, button: string): Promise<string> => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button }).click(),
    ] as const)
    const path = join(folder, download.suggestedFilename())
    await download.saveAs(path)
    return path
  }

  test('an online schedule may end wherever the reader stops it', async () => {
    const { page, complaints } = await visit('?schedule=online&steps=60&snapshots=4')
    await shows(page, 0, expected(online({ snapshots: 4 }), 60))
    for (let i = 0; i < 7; i++) await page.getByRole('button', { name: 'Forward one action' }).click()
    await page.getByRole('button', { name: 'End here' }).click()
    const recording = record(online({ snapshots: 4 }), { steps: 60 })
    const { n } = momentAt(recording, 7)
    await shows(page, 0, expected(online({ snapshots: 4 }), n!))
    await expect
      .poll(() => page.locator('.readout').first().textContent())
      .toContain('The forward has reached its end')
    expect(await page.getByRole('button', { name: 'End here' }).isDisabled()).toBe(true)
    expect(complaints).toEqual([])
  })

  test('changed options: the counts are those of the simulator, and the link follows', async () => {
    const { page, complaints } = await visit()
    await shows(page, 0, expected(revolve({ steps: 10, snapshotsInRam: 3 }), 10))
    await page.getByLabel('steps', { exact: true }).fill('300')
    await page.getByLabel('checkpoints in memory', { exact: true }).fill('7')
    await shows(page, 0, expected(revolve({ steps: 300, snapshotsInRam: 7 }), 300))
    expect((await countsOf(page))['Forward steps, by theory']).toEqual(
      (await countsOf(page))['Forward steps'],
    )
    expect(page.url()).toContain('schedule=revolve&snapshotsInRam=7&steps=300')

    await page.getByLabel('schedule', { exact: true }).selectOption('h-revolve')
    await page.getByLabel('checkpoints on disk', { exact: true }).fill('20')
    await page.getByText('Costs and sizes').click()
    await page.getByLabel('cost of a write to disk').fill('5')
    const costs = { forwardStep: 1, adjointStep: 1, write: { DISK: 5 }, read: { DISK: 2 } }
    const schedule = hRevolve({ steps: 300, snapshotsInRam: 2, snapshotsOnDisk: 20, costs })
    await shows(page, 0, expected(schedule, 300, costs))
    await page.getByLabel('size of a state in MB').fill('80')
    await expect.poll(async () => (await countsOf(page))['Most held in RAM']).toEqual(['2 (160 MB)'])
    expect(complaints).toEqual([])
  })

  test('stepping and scrubbing tell why, and a shared link shows the same moment', async () => {
    const { page, complaints } = await visit('?schedule=revolve&snapshotsInRam=3&steps=10')
    const recording = record(revolve({ steps: 10, snapshotsInRam: 3 }))
    await page.getByLabel('Forward one action').click()
    await expect.poll(() => page.locator('.readout').textContent()).toContain(whyAt(recording, 1))
    await page.getByRole('slider', { name: 'Action', exact: true }).fill('24')
    await expect.poll(() => page.locator('.readout').textContent()).toContain(whyAt(recording, 24))
    await expect.poll(() => page.url()).toContain('at=24')
    // Looking at another moment plans nothing anew, which would begin from the first action.
    await page.waitForTimeout(1000)
    expect(await page.locator('.readout').textContent()).toContain('Action 25 of 40')
    const { page: other } = await open({ origin: server.origin })
    await other.goto(page.url())
    await expect.poll(() => other.locator('.readout').textContent()).toContain('Action 25 of 40')
    expect(complaints).toEqual([])
  })

  test('two schedules side by side', async () => {
    const { page, complaints } = await visit(
      '?schedule=multistage&snapshotsInRam=2&snapshotsOnDisk=3&steps=40',
    )
    await page.getByLabel('compare with').selectOption('two-level')
    await page.getByLabel('steps between checkpoints on disk', { exact: true }).fill('8')
    await page
      .getByLabel('further checkpoints while a period is reversed', {
        exact: true,
      })
      .fill('2')
    await shows(page, 0, expected(multistage({ steps: 40, snapshotsInRam: 2, snapshotsOnDisk: 3 }), 40))
    await shows(page, 1, expected(twoLevel({ period: 8, binomialSnapshots: 2 }), 40))
    expect(await page.locator('.space-time').count()).toBe(2)
    expect(page.url()).toContain('vs=two-level&vs.period=8&vs.binomialSnapshots=2')
    expect(complaints).toEqual([])
  })

  test('a wrong value is refused in a sentence, and what was there stays', async () => {
    const { page } = await visit()
    await page.getByLabel('checkpoints in memory', { exact: true }).fill('zero')
    await expect
      .poll(() => page.locator('.problem').textContent())
      .toMatch(/snapshotsInRam must be an integer >= 1.*"zero"/)
    await shows(page, 0, expected(revolve({ steps: 10, snapshotsInRam: 3 }), 10))
    await page.getByLabel('checkpoints in memory', { exact: true }).fill('4')
    await shows(page, 0, expected(revolve({ steps: 10, snapshotsInRam: 4 }), 10))
    await expect.poll(() => page.locator('.problem').count()).toBe(0)
  })

  test.each([
    ['?schedule=__proto__&steps=10', 'schedule'],
    ['?schedule=revolve&constructor=1&steps=10&snapshotsInRam=3', 'constructor'],
    [`?schedule=revolve&snapshotsInRam=${'9'.repeat(5000)}`, 'snapshotsInRam'],
    ['?vs=%3Cscript%3Ealert(1)%3C/script%3E', 'vs'],
  ])('a foreign link is data: %.60s', async (query, name) => {
    const { page, complaints } = await open({ origin: server.origin })
    await page.goto(`${server.origin}/playground.html${query}`)
    await expect.poll(() => page.locator('.notice').textContent()).toContain(name)
    expect(await page.locator('.playground script').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('a link that asks for too much is refused', async () => {
    const { page, complaints } = await open({ origin: server.origin })
    await page.goto(`${server.origin}/playground.html?schedule=revolve&steps=1e12&snapshotsInRam=3`)
    await expect
      .poll(() => page.locator('.problem').textContent())
      .toMatch(/steps must be an integer from 1 to 100,000/)
    expect(complaints).toEqual([])
  })

  test('what is saved is the schedule: JSON, SVG, PNG, code and command line', async () => {
    const { page, complaints } = await visit(
      '?schedule=h-revolve&snapshotsInRam=2&snapshotsOnDisk=4&steps=30&cost.write=3',
    )
    const costs = { forwardStep: 1, adjointStep: 1, write: { DISK: 3 }, read: { DISK: 2 } }
    const schedule = hRevolve({ steps: 30, snapshotsInRam: 2, snapshotsOnDisk: 4, costs })
    const lines = [...schedule].map((it) => formatAction(it))
    await page.getByText('Export', { exact: true }).click()

    const json = JSON.parse(readFileSync(await saved(page, 'Save JSON'), 'utf8')) as { actions: object[] }
    expect(json.actions).toEqual(
      [...schedule].map((it) => JSON.parse(formatAction(it, { dialect: 'json' })) as object),
    )
    const { forwardSteps, makespan } = simulate(schedule, { costs })
    expect(readFileSync(await saved(page, 'Save SVG'), 'utf8')).toBe(
      toSvg(record(schedule, { costs }), {
        title: 'HRevolve: 30 steps',
        subtitle: `${forwardSteps} forward steps, time ${makespan}`,
      }),
    )
    const png = readFileSync(await saved(page, 'Save PNG'))
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect(png.length).toBeGreaterThan(5000)

    const command = (await page.locator('pre.command').textContent())!
    const [name, ...flags] = command.split(' ')
    expect(name).toBe('checkpoint-schedules')
    expect(
      execFileSync(process.execPath, [bin, ...flags], { encoding: 'utf8' })
        .trim()
        .split('\n'),
    ).toEqual(lines)

    const script = fileURLToPath(new URL('../../out/playground-code.mjs', import.meta.url))
    mkdirSync(dirname(script), { recursive: true })
    writeFileSync(script, (await page.locator('pre.code').textContent())!)
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [script])
      expect(stdout.match(/type: '/g)).toHaveLength(lines.length)
    } finally {
      rmSync(script)
    }
    expect(complaints).toEqual([])
  })

  test('a live run within a memory budget: the gradient is that of Node, bit for bit', async () => {
    const { page, complaints } = await visit('?schedule=revolve&snapshotsInRam=3&steps=500')
    const live = page.locator('.live')
    await live.getByLabel('memory for checkpoints').fill('0.5')
    await live.getByRole('button', { name: 'Run' }).click()
    await expect
      .poll(() => live.locator('.problem').textContent())
      .toMatch(/no checkpoint fits: a state has 1016 bytes/)
    await live.getByLabel('memory for checkpoints').fill('12.5')
    await live.getByRole('button', { name: 'Run' }).click()
    await live.locator('.result').waitFor()
    expect(await live.locator('.result').textContent()).toContain('12 checkpoints in RAM')
    const path = await saved(page, 'Save the gradient')
    const { objective, gradient } = JSON.parse(readFileSync(path, 'utf8')) as {
      objective: number
      gradient: number[]
    }
    const inNode = await runBurgers({ schedule: revolve({ steps: 500, snapshotsInRam: 12 }), steps: 500 })
    expect(objective).toBe(inNode.objective)
    expect(gradient).toEqual(Array.from(inNode.gradient))

    await live.getByLabel('speed').selectOption('slow')
    await live.getByRole('button', { name: 'Run' }).click()
    await live.getByRole('button', { name: 'Stop' }).click()
    await expect.poll(() => live.locator('.problem').textContent()).toBe('Stopped.')
    expect(complaints).toEqual([])
  })

  test('100,000 steps: planned in the background, scrubbed without recomputing the picture', async () => {
    const { page, complaints } = await visit('?schedule=revolve&snapshotsInRam=50&steps=100000')
    await shows(page, 0, expected(revolve({ steps: 100_000, snapshotsInRam: 50 }), 100_000))
    await page.getByLabel('Last action').click()
    await expect.poll(() => page.locator('.readout').textContent()).toContain('the gradient is complete')
    expect(complaints).toEqual([])
  })

  test('planning that takes a while is shown, and Stop ends it', async () => {
    const { page, complaints } = await open({ origin: server.origin })
    // Tables take seconds, even on a fast machine.
    const query = '?schedule=h-revolve&snapshotsInRam=10&snapshotsOnDisk=100&steps=50000&plan=tables'
    await page.goto(`${server.origin}/playground.html${query}`)
    const status = page.getByRole('status').first()
    await expect.poll(() => status.textContent(), { interval: 10 }).toBe('Planning…')
    await page.getByRole('button', { name: 'Stop' }).click()
    await expect.poll(() => status.textContent()).toBe('Planning was stopped.')
    expect(await page.locator('table.counts').count()).toBe(0)
    await page.getByRole('button', { name: 'Plan again' }).click()
    await page.locator('table.counts').waitFor()
    const options = { steps: 50_000, snapshotsInRam: 10, snapshotsOnDisk: 100, plan: 'tables' } as const
    await shows(page, 0, expected(hRevolve(options), 50_000))
    expect(complaints).toEqual([])
  })
})
