/** The built site in a browser: every page, wide and narrow, light and dark. */
import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriersOf } from '../support/axe.js'
import { describeInBrowser, type OpenedPage } from '../support/browser.js'
import { serve, type StaticServer } from '../support/static-server.js'

const dist = fileURLToPath(new URL('../../../apps/docs/.vitepress/dist/', import.meta.url))
const pages = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.html'))
  .toSorted()
  .filter((file, i, all) => !isTopic(file) || dirname(file) !== dirname(all[i - 1] ?? ''))
/** The topics of a package in the API all have one shape: one of each package is looked at. */
function isTopic(file: string): boolean {
  return /^reference\/api\/[^/]+\//.test(file)
}
/** One page of each kind. On the others axe leaves out colours, which are the theme's and take most of its time. */
const kinds =
  /^(index|404|get-started|invert-in-the-browser|playground|errors|which-schedule|schedules\/h-revolve)\.html$/
/** The pages of the API are made from comments: axe looks at two of them. */
const isLookedAt = (path: string) => !/^reference\/api\/(?!index|basic)/.test(path)
const overflowOf = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

describeInBrowser('the site', (open) => {
  let server: StaticServer
  beforeAll(async () => (server = await serve(dist)))
  afterAll(() => server.close())

  /** In a tab that is there: opening one for each page takes a quarter of the time. */
  const visit = async ({ page }: OpenedPage, path: string) => {
    await page.goto(`${server.origin}/${path}`, { waitUntil: 'load' })
    // By its name: a component may not be there yet when the page is.
    if (path === 'invert-in-the-browser.html') await page.locator('.inversion dl').waitFor()
    else if (await page.locator('.playground').count())
      await page.locator('.playground table.counts').waitFor()
  }
  /** Code has the same colours everywhere; one page is looked at in full. */
  const barriersIn = (page: Page, path: string) =>
    barriersOf(page, {
      except: path === 'get-started.html' ? [] : ['pre span'],
      colours: kinds.test(path),
    })

  describe('wide', () => {
    let tab: OpenedPage
    beforeAll(async () => (tab = await open({ width: 1280, colorScheme: 'light', origin: server.origin })))

    test.each(pages)(
      '%s: no error, no request elsewhere, nothing beyond the edge, also when it becomes narrow, accessible',
      async (path) => {
        const { page, complaints } = tab
        await page.setViewportSize({ width: 1280, height: 900 })
        await visit(tab, path)
        expect(await overflowOf(page)).toBe(0)
        if (isLookedAt(path)) expect(await barriersIn(page, path)).toEqual([])
        await page.setViewportSize({ width: 390, height: 900 })
        await expect.poll(() => overflowOf(page)).toBe(0)
        expect(complaints.splice(0)).toEqual([])
      },
    )
  })

  describe('on a phone, in the dark', () => {
    let tab: OpenedPage
    beforeAll(async () => (tab = await open({ width: 390, colorScheme: 'dark', origin: server.origin })))

    test.each(pages.filter((path) => kinds.test(path)))(
      '%s: no error, nothing beyond the edge, accessible',
      async (path) => {
        await visit(tab, path)
        expect(await overflowOf(tab.page)).toBe(0)
        expect(await barriersIn(tab.page, path)).toEqual([])
        expect(tab.complaints.splice(0)).toEqual([])
      },
    )
  })

  test.each([768, 959, 960, 1024])(
    '%i pixels wide: the menu fits, or opens from its button',
    async (width) => {
      for (const path of ['index.html', 'get-started.html']) {
        const { page, complaints } = await open({ width, colorScheme: 'light', origin: server.origin })
        await page.goto(`${server.origin}/${path}`, { waitUntil: 'load' })
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
        const button = page.locator('.VPNavBarHamburger')
        if (await button.isVisible()) await button.click()
        const names = await page.locator('nav').getByRole('link').filter({ visible: true }).allTextContents()
        expect(names.map((name) => name.trim())).toEqual(
          expect.arrayContaining(['Get started', 'Which schedule', 'Playground', 'Reference']),
        )
        expect(complaints).toEqual([])
        await page.close()
      }
    },
  )

  test.each([
    { width: 1440, height: 900, shown: ['h1', '.lead', '.live-picture', '.ways .main'] },
    { width: 390, height: 844, shown: ['h1', '.lead', '.live-picture .memory'] },
  ])('the first screen at $width by $height shows $shown whole', async ({ width, height, shown }) => {
    const { page } = await open({ width, colorScheme: 'light', origin: server.origin })
    await page.setViewportSize({ width, height })
    await page.goto(`${server.origin}/index.html`, { waitUntil: 'load' })
    for (const selector of shown) {
      const box = (await page.locator(`.welcome ${selector}`).boundingBox())!
      expect(box.y + box.height, selector).toBeLessThanOrEqual(height)
    }
    await page.close()
  })
})
