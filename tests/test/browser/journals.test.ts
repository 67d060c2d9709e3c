/** Journals in a real browser: tabs that are reloaded, closed or crash, files that change, two tabs at once, quotas, newer versions. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { killBrowsers } from '../../kill/browser-kills.mjs'
import { describeInBrowser } from '../support/browser.js'
import { type BundledPage, bundlePage } from '../support/bundled-page.js'
import type { JournalPage, Kind } from '../support/pages/journal-page.js'
import type { StaticServer } from '../support/static-server.js'

declare const page: JournalPage // in the browser

/** A call of the model, of some 70. */
const IN_REVERSE = 55

const kinds: readonly Kind[] = ['OPFS', 'IndexedDB']

/** Limits what a tab may write to so many MB more: the quota of OPFS, or, as the browser does not hold IndexedDB to it, values of 1 MB. */
async function limiting(
  tab: Page,
  kind: Kind,
  origin: string,
): Promise<(megabytes: number) => Promise<unknown>> {
  const devtools = await tab.context().newCDPSession(tab)
  return async (megabytes) => {
    if (kind === 'IndexedDB')
      return tab.evaluate((it) => page.limitRecords(it), megabytes < 1 ? 10 : megabytes)
    const { usage } = await devtools.send('Storage.getUsageAndQuota', { origin })
    const quotaSize = usage + 1e6 * megabytes
    return devtools.send(
      'Storage.overrideQuotaForOrigin',
      megabytes < Infinity ? { origin, quotaSize } : { origin },
    )
  }
}

describeInBrowser('journals', (open) => {
  let server: StaticServer
  let expected: string
  const name = 'my-run'
  const newTab = async (): Promise<Page> => {
    const { page: tab } = await open({ origin: server.origin })
    await tab.goto(server.origin)
    return tab
  }
  /** Starts a run, which then waits for ever in the reverse. */
  const hang = async (tab: Page, asked: Parameters<JournalPage['run']>[0]) => {
    tab.evaluate((it) => page.run(it), { ...asked, hangAt: IN_REVERSE }).catch(() => undefined)
    await expect.poll(() => tab.evaluate(() => page.hanging)).toBe(true)
  }
  // An origin of its own for each test, with storage of its own.
  let bundled: BundledPage
  beforeEach(async () => void (server = await bundled.serve()))
  afterEach(() => server.close())
  beforeAll(async () => {
    bundled = await bundlePage('journal-page.ts')
    server = await bundled.serve()
    const tab = await newTab()
    const { bits } = await tab.evaluate(() => page.run({ kind: 'OPFS', name: 'whole' }))
    expected = bits!
    await tab.close()
    await server.close()
  })
  afterAll(() => bundled.remove())

  describe.each(kinds)('in %s', (kind) => {
    test.each<[string, (tab: Page) => Promise<Page>]>([
      [
        'reloaded',
        async (tab) => {
          await tab.reload()
          return tab
        },
      ],
      [
        'closed',
        async (tab) => {
          await tab.close()
          return newTab()
        },
      ],
      [
        'crashed',
        async (tab) => {
          await tab.goto('chrome://crash').catch(() => undefined)
          return newTab()
        },
      ],
    ])('a tab that is %s resumes, with the same bits, and nothing is left', async (_, end) => {
      const first = await newTab()
      await hang(first, { kind, name, note: 'mine' })
      const tab = await end(first)
      expect(await tab.evaluate((it) => page.readJournal(it), name)).toMatchObject({
        kind,
        note: 'mine',
        identity: { schedule: 'Multistage' },
        last: { forwardEnded: true },
      })
      const { bits, events } = await tab.evaluate((it) => page.run(it), { kind, name })
      expect(events).toContain('resumed')
      expect(bits).toBe(expected)
      expect(await tab.evaluate(() => page.left())).toEqual([])
      await tab.close()
    })

    test('another tab on the same run is refused; the first one is not disturbed', async () => {
      const [first, second] = [await newTab(), await newTab()]
      await hang(first, { kind, name })
      const refused = await second.evaluate((it) => page.run(it), { kind, name })
      expect(refused).toMatchObject({ code: 'STORE_FAILED', reason: 'IN_USE', events: ['waiting'] })
      expect(refused.message).toMatch(/is in use by another tab or worker of this site\. Close that one/)
      await first.close()
      const { bits, events } = await second.evaluate((it) => page.run(it), { kind, name })
      expect(events).toContain('resumed')
      expect(bits).toBe(expected)
      await second.close()
    })

    test('another run under its name is refused, and the journal stays', async () => {
      const tab = await newTab()
      await tab.evaluate((it) => page.run(it), { kind, name, stopAt: IN_REVERSE })
      const other = await tab.evaluate((it) => page.run(it), { kind, name, fingerprint: 'growth' })
      expect(other.code).toBe('JOURNAL_MISMATCH')
      expect(other.message).toMatch(/fingerprint was "decay" and is "growth".*pass another name, or remove/)
      const { bits, events } = await tab.evaluate((it) => page.run(it), { kind, name })
      expect(events).toEqual(['resumed'])
      expect(bits).toBe(expected)
      await tab.close()
    })

    test('every file, truncated, changed or removed: the same bits, and it is said what was done', async () => {
      const tab = await newTab()
      const outcomes = await tab.evaluate(([it, run]) => page.harmEach(it as Kind, run!, 55), [kind, name])
      expect(outcomes.length).toBeGreaterThan(8)
      for (const { what, outcome } of outcomes) {
        expect(outcome.bits, what).toBe(expected)
        expect(outcome.events.length, what).toBeGreaterThan(0)
      }
      expect(await tab.evaluate(() => page.left())).toEqual([])
      await tab.close()
    })

    test('what a dead tab left is removed by the next store', async () => {
      const [first, second] = [await newTab(), await newTab()]
      await first.evaluate((it) => page.leaveOpen(it), kind)
      await second.evaluate((it) => page.openAndClose(it), kind)
      expect(await second.evaluate(() => page.left())).toHaveLength(1) // that of a tab which lives
      await first.close()
      await expect
        .poll(async () => {
          await second.evaluate((it) => page.openAndClose(it), kind)
          return second.evaluate(() => page.left())
        })
        .toEqual([])
      await second.close()
    })

    test('too small a quota: a sentence before anything is written', async () => {
      const tab = await newTab()
      await tab.evaluate(() => page.setQuota(50e6))
      const { stored, code, error } = await tab.evaluate((it) => page.fill(it, 100), kind)
      expect({ stored, code }).toEqual({ stored: 0, code: 'STORE_FAILED' })
      expect(error).toMatch(/DISK needs 100 x \d+ = \d+ bytes and the browser has 50000000 free/)
      await tab.close()
    })

    test('a quota that is used up in the midst: a sentence, what is stored stays right, and a journal goes on when there is space', async () => {
      const tab = await newTab()
      const limit = await limiting(tab, kind, server.origin)
      await limit(6)
      const { stored, code, error, intact } = await tab.evaluate((it) => page.fill(it, null), kind)
      expect({ code, intact }).toEqual({ code: 'STORE_FAILED', intact: true })
      expect(stored).toBeGreaterThan(0)
      expect(error).toMatch(/cannot write the checkpoint of step \d+ in DISK.*used up: keep fewer/)
      await tab.reload()

      await limit(0.3)
      const short = await tab.evaluate((it) => page.run(it), { kind, name })
      expect(short.code).toBe('STORE_FAILED')
      expect(short.message).toMatch(/used up/)
      await tab.reload()
      await limit(Infinity)
      const { bits } = await tab.evaluate((it) => page.run(it), { kind, name })
      expect(bits).toBe(expected)
      expect(await tab.evaluate(() => page.left())).toEqual([])
      await tab.close()
    })
  })

  test('a journal that began in IndexedDB goes on there, though there is OPFS', async () => {
    const tab = await newTab()
    await tab.evaluate((it) => page.run(it), { kind: 'IndexedDB' as const, name, stopAt: IN_REVERSE })
    const { bits, events } = await tab.evaluate((it) => page.run(it), { kind: 'best' as const, name })
    expect(events).toEqual(['resumed'])
    expect(bits).toBe(expected)
    await tab.close()
  })

  test('4 kills of the whole browser at random moments: the same bits, the same order of observations, nothing left', async () => {
    const { counts, wrong } = await killBrowsers({ kills: 4, seed: 7 })
    expect(wrong).toEqual([])
    expect(counts['resumed']).toBeGreaterThan(0)
  })
})
