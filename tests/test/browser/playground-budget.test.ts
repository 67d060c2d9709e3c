/** The playground from a budget, used as a reader does: what it ranks first is what the planner chooses. */
import { fileURLToPath } from 'node:url'
import * as basic from '@checkpoint-schedules/basic'
import { schedulesIn } from '@checkpoint-schedules/core'
import * as heterogeneous from '@checkpoint-schedules/heterogeneous'
import * as mixed from '@checkpoint-schedules/mixed'
import * as multistage from '@checkpoint-schedules/multistage'
import * as online from '@checkpoint-schedules/online'
import { chooseSchedule } from '@checkpoint-schedules/planner'
import * as revolve from '@checkpoint-schedules/revolve'
import { simulate } from '@checkpoint-schedules/simulator'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { budgetFrom, budgetQuery, planFrom, usualBudget } from '../../../apps/docs/src/playground/budget.js'
import { literal } from '../../../apps/docs/src/playground/commands.js'
import { barriersOf } from '../support/axe.js'
import { describeInBrowser } from '../support/browser.js'
import { serve, type StaticServer } from '../support/static-server.js'

const dist = fileURLToPath(new URL('../../../apps/docs/.vitepress/dist/', import.meta.url))
const families = Object.fromEntries(
  [basic, heterogeneous, mixed, multistage, online, revolve]
    .flatMap((exports) => schedulesIn(exports))
    .map(({ factory }) => [factory.definition.name, factory]),
)
const chosen = (texts = usualBudget) => chooseSchedule({ ...planFrom(texts), families })
const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 2 })
/** A count below the picture of a schedule. */
const cell = (page: Page, label: string) =>
  page
    .locator('table.counts tr', { has: page.getByRole('rowheader', { name: label, exact: true }) })
    .locator('td')
const status = (page: Page) => page.getByRole('status').first()

describeInBrowser('the playground from a budget', (open) => {
  let server: StaticServer
  beforeAll(async () => (server = await serve(dist)))
  afterAll(() => server.close())
  const visit = async (texts = usualBudget, settings = {}) => {
    const opened = await open({ origin: server.origin, ...settings })
    await opened.page.goto(`${server.origin}/playground.html?${budgetQuery(texts)}`)
    return { ...opened, first: opened.page.locator('.ranking li').first() }
  }

  test('ranks first what chooseSchedule chooses, and opens that very schedule', async () => {
    const { page, complaints, first } = await visit()
    await first.waitFor({ timeout: 60_000 })
    const { schedule, family, options, forwardSteps } = await chosen()
    const { steps: _, costs: __, ...own } = options as { steps: number; costs?: object }
    expect(await first.getByRole('heading').textContent()).toBe(family)
    expect(await first.locator('code').textContent()).toBe(literal(own))
    expect(await first.textContent()).toContain(number(forwardSteps))
    expect(
      await first.getByRole('img').evaluate((it) => (it as { naturalWidth?: number }).naturalWidth),
    ).toBe(320)

    await first.getByRole('link').press('Enter')
    await cell(page, 'Actions').waitFor()
    expect(await cell(page, 'Actions').textContent()).toBe(simulate(schedule).actions.toLocaleString('en-US'))
    expect(await cell(page, 'Forward steps').textContent()).toBe(forwardSteps.toLocaleString('en-US'))
    await page.goBack()
    await first.waitFor({ timeout: 60_000 })
    expect(complaints).toEqual([])
  })

  test('a changed budget changes the link, and the link carries it', async () => {
    const { page, complaints, first } = await visit({ ...usualBudget, steps: '400' })
    await first.waitFor({ timeout: 60_000 })
    await page.getByLabel('disk', { exact: true }).fill('')
    await page.getByLabel('steps', { exact: true }).fill('500')
    const texts = { ...usualBudget, disk: '', steps: '500' }
    await expect.poll(() => budgetFrom(new URL(page.url()).search)).toEqual(texts)
    const { page: other } = await open({ origin: server.origin })
    await other.goto(page.url())
    const { options, family, forwardSteps } = await chosen(texts)
    // Tapes are larger than states, and steps of equal cost: counting bytes is best, also in a browser.
    expect(family).toBe('Heterogeneous')
    const { steps: _, ...own } = options as { steps: number }
    for (const it of [page, other])
      await expect
        .poll(() => it.locator('.ranking code').first().textContent(), { timeout: 60_000 })
        .toBe(literal(own))
    await first.getByRole('link').press('Enter')
    await cell(page, 'Actions').waitFor()
    expect(await cell(page, 'Forward steps').textContent()).toBe(forwardSteps.toLocaleString('en-US'))
    expect(complaints).toEqual([])
  })

  test('a bad budget is refused in a sentence at its field, and a good one plans again', async () => {
    const good = { ...usualBudget, steps: '500' }
    const { page, complaints, first } = await visit(good)
    const problems = page.locator('.field .problem')
    const cases = [
      ['memory', '8 GX', /memory must be a number of bytes.*got "8 GX"/],
      ['memory', '1 MB', /No schedule fits the budget.*The least that would work is RAM/],
      ['disk', '-1', /disk must be a number of bytes.*got "-1"/],
      ['size of a state', '', /state is missing/],
      ['time of a step', 'fast', /step must be a number of seconds >= 0; got "fast"/],
      ['steps', '1.5', /steps must be an integer >= 1; got "1.5"/],
    ] as const
    for (const [label, text, sentence] of cases) {
      await first.waitFor({ timeout: 60_000 })
      const input = page.getByLabel(label, { exact: true })
      const before = await input.inputValue()
      await input.fill(text)
      await expect.poll(() => problems.allTextContents()).toEqual([expect.stringMatching(sentence)])
      expect(await input.getAttribute('aria-invalid')).toBe('true')
      const id = (await input.getAttribute('aria-describedby'))!.split(' ')[0]!
      expect(await page.locator(`#${id}`).textContent()).toMatch(sentence)
      expect(await page.locator('.ranking').count()).toBe(0)
      if (label === 'disk') expect(await barriersOf(page)).toEqual([])
      await input.fill(before)
    }
    await first.waitFor({ timeout: 60_000 })
    expect(await problems.count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('long planning is shown, and Stop ends it', async () => {
    const { page, complaints } = await visit({
      ...usualBudget,
      steps: '1000000',
      memory: '90 GB',
      disk: '20 TB',
    })
    await expect.poll(() => status(page).textContent()).toBe('Planning…')
    expect(await page.getByRole('progressbar', { name: 'Planning' }).count()).toBe(1)
    expect(await barriersOf(page)).toEqual([])
    const button = page.getByRole('button', { name: 'Stop' })
    await button.focus()
    await button.press('Enter')
    await expect.poll(() => status(page).textContent()).toBe('Planning was stopped.')
    // Chromium tells of its end a little later.
    await expect.poll(() => page.workers().length).toBe(0)
    expect(await page.locator('.ranking').count()).toBe(0)
    // The focus is still there, on what undoes it.
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Plan again')
    await page.getByRole('button', { name: 'Plan again' }).click()
    await expect.poll(() => status(page).textContent()).toBe('Planning…')
    expect(complaints).toEqual([])
  })

  test('narrow and wide, dark and light: nothing beyond the edge, accessible', async () => {
    const { page, complaints, first } = await visit({ ...usualBudget, steps: '500' }, { width: 380 })
    await first.waitFor({ timeout: 60_000 })
    for (const width of [380, 1440])
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.setViewportSize({ width, height: 900 })
        await page.emulateMedia({ colorScheme })
        await expect
          .poll(() =>
            page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
          )
          .toBe(0)
        // Polled, as colours change gradually.
        await expect
          .poll(() => barriersOf(page), { message: `${width} pixels wide, ${colorScheme}` })
          .toEqual([])
        const { SHOTS } = process.env
        if (SHOTS) await page.screenshot({ path: `${SHOTS}/${width}-${colorScheme}.png`, fullPage: true })
      }
    expect(complaints).toEqual([])
  })
})
