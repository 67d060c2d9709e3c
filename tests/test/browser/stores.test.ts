/** The stores of browsers pass the suite of all stores, in a browser. */
import { indexedDbStore, opfsStore } from '@checkpoint-schedules/storage-browser'
import { testStore } from '@checkpoint-schedules/testkit'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeInBrowser } from '../support/browser.js'
import { type BundledPage, bundlePage } from '../support/bundled-page.js'
import type { StorePage } from '../support/pages/store-page.js'
import type { StaticServer } from '../support/static-server.js'

declare const page: StorePage // in the browser

describeInBrowser('stores', (open) => {
  let bundled: BundledPage
  let server: StaticServer
  let tab: Page
  beforeAll(async () => {
    bundled = await bundlePage('store-page.ts')
    server = await bundled.serve()
    const { page, complaints } = await open({ origin: server.origin })
    await page.goto(server.origin)
    tab = page
    expect(complaints).toEqual([])
  })
  afterAll(async () => {
    expect(await tab.evaluate(() => page.left())).toEqual(['checkpoint-schedules'])
    await server.close()
    bundled.remove()
  })

  // The suite is registered here, and its claims are tested there.
  for (const store of [opfsStore, indexedDbStore])
    testStore(store, {
      describe,
      it: (claim) =>
        it(claim, async () => {
          await tab.evaluate((name) => page.hold(name), `${store.name}: ${claim}`)
        }),
    })
})
