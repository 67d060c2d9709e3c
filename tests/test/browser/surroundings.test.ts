/** Where something is missing: the store that works is chosen, or a sentence says what to do. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeInBrowser } from '../support/browser.js'
import { type BundledPage, bundlePage } from '../support/bundled-page.js'
import type { JournalPage } from '../support/pages/journal-page.js'
import type { SurroundingsPage } from '../support/pages/surroundings-page.js'
import type { StaticServer } from '../support/static-server.js'

declare const page: SurroundingsPage & JournalPage // in the browser

const policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'; img-src data:">'

describeInBrowser('surroundings of stores', (open) => {
  let bundled: BundledPage
  let server: StaticServer
  let tab: Page
  beforeAll(async () => void (bundled = await bundlePage('surroundings-page.ts', { policy })))
  afterAll(() => bundled.remove())
  beforeEach(async () => {
    server = await bundled.serve()
    tab = (await open({ origin: server.origin })).page
  })
  afterEach(async () => {
    await tab.close()
    await server.close()
  })
  const visit = async (path = '/') => void (await tab.goto(`${server.origin}${path}`))
  const run = (...args: Parameters<SurroundingsPage['run']>) => tab.evaluate((it) => page.run(...it), args)

  // By hand: the derivative of 20 steps.
  let [x, gradient] = [0.1, 1]
  for (let n = 0; n < 20; n++) [gradient, x] = [gradient * (1 + x / 5), x + (x * x) / 10]
  const by = (medium: string) => `${medium} ${gradient.toFixed(6)}`

  test('all is there: OPFS', async () => {
    await visit()
    expect(await run('best')).toBe(by('OPFS'))
    expect(await run('indexedDb')).toBe(by('IndexedDB'))
  })

  test('no workers: IndexedDB, or a sentence', async () => {
    await tab.addInitScript('delete globalThis.Worker')
    await visit()
    expect(await run('best')).toBe(by('IndexedDB'))
    expect(await run('opfs')).toMatch(/OPFS needs a worker, and there is none here: use indexedDbStore/)
  })

  test('a private window without OPFS: IndexedDB, or a sentence', async () => {
    await visit()
    expect(await run('best', 'private')).toBe(by('IndexedDB'))
    expect(await run('opfs', 'private')).toMatch(
      /cannot be used: It is refused\. .*private windows.*memoryStore/,
    )
  })

  test('neither: a sentence that says why for each', async () => {
    await tab.addInitScript("Object.defineProperty(globalThis, 'indexedDB', { value: undefined })")
    await visit()
    expect(await run('best', 'private')).toMatch(
      /bestStore: this browser keeps nothing for this page\. .*It is refused.*there is no IndexedDB here.*pass memoryStore\(\)/,
    )
  })

  test('a content security policy: IndexedDB, or a worker of the page', async () => {
    await visit('/policy.html')
    expect(await run('best')).toBe(by('IndexedDB'))
    expect(await run('opfs')).toMatch(
      /worker that reads and writes files cannot run.*worker-src blob:.*serveOpfs\(\)/,
    )
    expect(await run('best', 'own')).toBe(by('OPFS'))
  })

  test('no secure context: a sentence', async () => {
    await tab.route('http://insecure.test/**', async (route) =>
      route.fulfill({
        response: await route.fetch({ url: server.origin + new URL(route.request().url()).pathname }),
      }),
    )
    await tab.goto('http://insecure.test/')
    for (const which of ['best', 'opfs', 'indexedDb'] as const)
      expect(await run(which)).toMatch(
        /no secure context of a browser: serve the page by https, or from localhost/,
      )
  })

  test('a private window of this browser has both', async () => {
    const browser = (await open({ origin: server.origin })).page.context().browser()
    const context = await browser?.newContext()
    const own = await context!.newPage()
    await own.goto(server.origin)
    expect(await own.evaluate(() => page.run('best'))).toBe(by('OPFS'))
    await context!.close()
  })

  describe('data of a newer version', () => {
    let journals: BundledPage
    let origin: StaticServer
    beforeAll(async () => void (journals = await bundlePage('journal-page.ts')))
    afterAll(() => journals.remove())
    beforeEach(async () => {
      origin = await journals.serve()
      await tab.goto(origin.origin)
    })
    afterEach(() => origin.close())
    const asked = { kind: 'IndexedDB' as const, name: 'my-run' }

    test('a journal: a sentence, and it stays', async () => {
      await tab.evaluate((it) => page.runJournal(it), { ...asked, stopAt: 55 })
      await tab.evaluate((it) => page.makeNewer(it), 'my-run')
      for (let i = 0; i < 2; i++) {
        const { code, message } = await tab.evaluate((it) => page.runJournal(it), asked)
        expect(code).toBe('INVALID_FILE')
        expect(message).toMatch(
          /another version of storage-browser \(format 99, .*remove it with removeJournal/,
        )
      }
    })

    test('the database: a sentence, and OPFS is used', async () => {
      await tab.evaluate(() => page.makeNewerDatabase())
      const { code, message } = await tab.evaluate((it) => page.runJournal(it), asked)
      expect(code).toBe('STORE_FAILED')
      expect(message).toMatch(/A newer version of storage-browser wrote there: update this program/)
      expect(await tab.evaluate(() => page.bestMedium())).toBe('OPFS')
    })
  })
})
