/** The page that inverts, used as a visitor does: the same bits after a reload, under any budget, and one tab at a time. */
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { barriersOf } from '../support/axe.js'
import { describeInBrowser, type OpenedPage } from '../support/browser.js'
import { serve, type StaticServer } from '../support/static-server.js'

const dist = fileURLToPath(new URL('../../../apps/docs/.vitepress/dist/', import.meta.url))
const ITERATIONS = 4
const small = `steps=60&shots=1&depth=16&distance=24&iterations=${ITERATIONS}`

const section = (page: Page) => page.locator('.inversion')
const press = (page: Page, name: string) => section(page).getByRole('button', { name, exact: true }).click()
const says = (page: Page, hasText: RegExp, what = '[role=status]') =>
  section(page).locator(what, { hasText }).waitFor()
const fact = (page: Page, name: string) =>
  section(page).locator('dl div', { hasText: name }).locator('dd').textContent()
const digestOf = async (page: Page) => {
  await says(page, /^The end/)
  return fact(page, 'Digest')
}
const drag = async (page: Page, label: string, position: number) =>
  section(page).getByLabel(label).fill(String(position))
const bytesIn = (text: string) => {
  const [count, unit] = text.split(' ')
  return Number(count) * { kB: 1e3, MB: 1e6 }[unit!]!
}
/** In the page: allows disk as soon as the first gradient has begun, and notes what each gradient held. */
const dragDuringTheFirstGradient = `
  globalThis.held = []
  let isDragged = false
  new MutationObserver(() => {
    const now = [...document.querySelectorAll('.inversion dl div')].find((it) => it.textContent.startsWith('Most checkpoints'))
    const text = now?.querySelector('dd').textContent
    if (text !== undefined && text !== globalThis.held.at(-1)) globalThis.held.push(text)
    if (isDragged || !/^Computing gradient 1/.test(document.querySelector('.inversion [role=status]').textContent)) return
    isDragged = true
    const slider = document.querySelector('#inversion-disk')
    slider.value = 30
    slider.dispatchEvent(new Event('input'))
  }).observe(document.querySelector('.inversion'), { subtree: true, childList: true, characterData: true })`

describeInBrowser('the inversion', (open) => {
  let expected: string | null
  // An origin of its own for each test, with storage of its own.
  let server: StaticServer
  const visit = async (query = small): Promise<OpenedPage> => {
    const opened = await open({ origin: server.origin })
    await opened.page.goto(`${server.origin}/invert-in-the-browser.html?${query}`)
    return opened
  }
  beforeAll(async () => {
    server = await serve(dist)
    const { page } = await visit()
    await press(page, 'Start')
    expected = await digestOf(page)
    await page.close()
    await server.close()
  })
  beforeEach(async () => void (server = await serve(dist)))
  afterEach(() => server.close())
  afterAll(() => expect(expected).toMatch(/^[0-9a-f]{16}$/))

  test('it runs to its end by keyboard alone: the misfit falls, memory is within the budget, nothing bars the way', async () => {
    const { page, complaints } = await visit()
    await says(page, /^Ready/)
    await section(page).getByLabel('memory').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    expect(await digestOf(page)).toBe(expected)
    const curve = await section(page).locator('svg').getAttribute('aria-label')
    const [, from, to] = /from (\S+) to (\S+)$/.exec(curve!)!
    expect(Number(to)).toBeLessThan(Number(from) / 3)
    const [, peak, limit] = /^([\d.]+ .B) of ([\d.]+ .B) allowed$/.exec((await fact(page, 'measured'))!)!
    expect(bytesIn(peak!)).toBeLessThanOrEqual(bytesIn(limit!))
    expect(await barriersOf(page, { except: ['pre span'] })).toEqual([])
    // What is kept is found again, and removed by who wants to start over.
    await page.reload()
    await says(page, /has finished/)
    expect(await fact(page, 'Digest')).toBe(expected)
    await press(page, 'Start over')
    await says(page, /^Ready/)
    expect(complaints).toEqual([])
  })

  test('reloaded in a gradient, it continues by itself within that gradient, with the same bits in the end', async () => {
    const { page, complaints } = await visit(`${small}&hold=3.40`)
    await press(page, 'Start')
    await says(page, /^Holding/)
    await page.goto(`${server.origin}/invert-in-the-browser.html?${small}`)
    const resumed = says(page, /^Resumed at iteration 1: gradient 3 continues after [1-9]\d* reversed steps/)
    await Promise.all([resumed, digestOf(page)])
    expect(await fact(page, 'Digest')).toBe(expected)
    expect(complaints).toEqual([])
  })

  test('paused and closed, it is offered in another tab, and has the same bits in the end', async () => {
    const { page } = await visit(`${small}&hold=2.30`)
    await press(page, 'Start')
    await says(page, /^Holding/)
    await page.close()
    const { page: another } = await visit()
    await says(another, /^Kept from an earlier visit: 1 gradient, and gradient 2 can continue/)
    await press(another, 'Continue')
    expect(await digestOf(another)).toBe(expected)
  })

  test('another budget counts from the next gradient on, and changes no bit', async () => {
    const { page } = await visit()
    await says(page, /^Ready/)
    await drag(page, 'memory', 0)
    await page.evaluate(dragDuringTheFirstGradient)
    await press(page, 'Start')
    expect(await digestOf(page)).toBe(expected)
    const held = await page.evaluate<string[]>('globalThis.held')
    expect(held.length).toBeGreaterThan(1)
    expect(held[0]).toMatch(/, 0 on disk$/)
    expect(held.at(-1)).toMatch(/, [1-9]\d* on disk$/)
    const [, used, limit] = /^([\d.]+ .B) of ([\d.]+ .B) allowed$/.exec((await fact(page, '(OPFS)'))!)!
    expect(bytesIn(used!)).toBeLessThanOrEqual(bytesIn(limit!))
  })

  test('a second tab is told so, and nothing is lost', async () => {
    const { page } = await visit(`${small}&hold=2.30`)
    await press(page, 'Start')
    await says(page, /^Holding/)
    const { page: second, complaints } = await visit()
    await press(second, 'Continue')
    await says(second, /Another tab has this inversion/)
    await says(second, /Another tab runs this inversion\. Nothing is lost/, '.problem')
    await page.close()
    await press(second, 'Continue')
    expect(await digestOf(second)).toBe(expected)
    expect(complaints).toEqual([])
  })

  test('without private files or IndexedDB it runs in memory and says so; without workers, and for settings out of range, there is a sentence', async () => {
    const { page } = await open({ origin: server.origin })
    await page.route('**/inversion-worker-*.js', async (route) => {
      const response = await route.fetch()
      // OPFS is reached by a worker of its own.
      const refusing = `delete globalThis.Worker; navigator.storage.getDirectory = () => Promise.reject(new DOMException('refused', 'SecurityError'));
        indexedDB.open = () => { throw new DOMException('refused', 'SecurityError') };\n`
      await route.fulfill({ response, body: refusing + (await response.text()) })
    })
    await page.goto(`${server.origin}/invert-in-the-browser.html?${small}`)
    await says(page, /keeps nothing for this page/, '.notice')
    await press(page, 'Start')
    expect(await digestOf(page)).toBe(expected)
    await page.goto(`${server.origin}/invert-in-the-browser.html?steps=many`)
    await says(page, /steps must be an integer from 20 to 2000; got "many"/, '.problem')
    await page.addInitScript('delete globalThis.Worker')
    await page.goto(`${server.origin}/invert-in-the-browser.html?${small}`)
    await says(page, /Worker/, '.problem')
  })
})
