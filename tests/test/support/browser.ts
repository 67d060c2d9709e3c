/**
 * A real browser for tests of pages: Chromium from CHROMIUM_PATH, else PATH. Without one these tests are skipped by name, unless
 * REQUIRE_BROWSER=1 says that nothing may be.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import { chromiumFlags, findChromium } from '../../support/chromium.mjs'

const executablePath = findChromium()
if (executablePath === undefined && process.env['REQUIRE_BROWSER'] === '1')
  throw new Error('REQUIRE_BROWSER=1, but there is no Chromium on PATH; install it or set CHROMIUM_PATH.')

/** How a page is opened. */
export interface PageSettings {
  readonly width?: number
  readonly colorScheme?: 'light' | 'dark'
  /** The only origin, or prefix of addresses, that may be asked for anything. */
  readonly origin: string
}

/** What a page did wrong: console errors, uncaught errors, requests to anywhere else. */
export interface OpenedPage {
  readonly page: Page
  readonly complaints: string[]
}

/** Tests in a browser of their own; `open` gives them pages. `flags` of Chromium are in addition to the usual ones. */
export function describeInBrowser(
  name: string,
  tests: (open: (settings: PageSettings) => Promise<OpenedPage>) => void,
  flags: readonly string[] = [],
): void {
  describe.skipIf(executablePath === undefined)(`${name} (in Chromium)`, { timeout: 300_000 }, () => {
    let folder: string
    const contexts: BrowserContext[] = []
    beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-browser-'))))
    afterAll(async () => {
      for (const context of contexts) await context.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    })
    const contextOf = async (width: number, colorScheme: 'light' | 'dark') => {
      const context = await chromium.launchPersistentContext(mkdtempSync(join(folder, 'user-')), {
        executablePath: executablePath!,
        viewport: { width, height: 900 },
        colorScheme,
        acceptDownloads: true,
        args: [...chromiumFlags, ...flags],
      })
      contexts.push(context)
      return context
    }
    const made = new Map<string, Promise<BrowserContext>>()
    tests(async ({ width = 1280, colorScheme = 'light', origin }) => {
      const key = `${width} ${colorScheme}`
      if (!made.has(key)) made.set(key, contextOf(width, colorScheme))
      const page = await (await made.get(key)!).newPage()
      page.setDefaultTimeout(120_000) // a busy machine may be slow; the tests' own limit is above it
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`console: ${message.text()}`)
      })
      page.on('request', (request) => {
        const url = request.url()
        if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) complaints.push(`request: ${url}`)
      })
      return { page, complaints }
    })
  })
}
