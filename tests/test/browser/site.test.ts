/** The built site in a browser: every page, wide and narrow, light and dark. */
import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriersOf } from '../support/axe.js'
import { describeInBrowser } from '../support/browser.js'
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
/** In the dark only one page of a kind is looked at by axe, as colours are the theme's; of the long pages of the API one, once. */
const kinds =
  /^(index|404|get-started|invert-in-the-browser|playground|errors|which-schedule|schedules\/h-revolve)\.html$/
const isLookedAt = (path: string, colorScheme: 'light' | 'dark') =>
  colorScheme === 'dark' ? kinds.test(path) : !/^reference\/api\/(?!index|basic)/.test(path)

describeInBrowser('the site', (open) => {
  let server: StaticServer
  beforeAll(async () => (server = await serve(dist)))
  afterAll(() => server.close())

  describe.each([
    { width: 1280, colorScheme: 'light' as const },
    { width: 390, colorScheme: 'dark' as const },
  ])('$width pixels wide, $colorScheme', (settings) => {
    test.each(pages)(
      '%s: no error, no request elsewhere, nothing beyond the edge, accessible',
      async (path) => {
        const { page, complaints } = await open({ ...settings, origin: server.origin })
        await page.goto(`${server.origin}/${path}`, { waitUntil: 'load' })
        // By its name: a component may not be there yet when the page is.
        if (path === 'invert-in-the-browser.html') await page.locator('.inversion dl').waitFor()
        else if (await page.locator('.playground').count())
          await page.locator('.playground table.counts').waitFor()
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        expect(overflow).toBe(0)
        // Code has the same colours everywhere, and takes most of the time.
        const isUsual = path !== 'get-started.html'
        if (isLookedAt(path, settings.colorScheme))
          expect(await barriersOf(page, isUsual ? ['pre span'] : [])).toEqual([])
        expect(complaints).toEqual([])
        await page.close()
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
