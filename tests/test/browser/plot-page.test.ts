/** The page that `plot --html` makes, in a browser: it asks nobody for anything, and it can be played, scrubbed and zoomed. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { formatAction } from '@checkpoint-schedules/core'
import { revolve } from '@checkpoint-schedules/revolve'
import { actionAt, record, whyAt } from '@checkpoint-schedules/space-time'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser } from '../support/browser.js'

const bin = fileURLToPath(new URL('../../../apps/cli/bin/checkpoint-schedules.js', import.meta.url))
const recording = record(revolve({ steps: 10, snapshotsInRam: 3 }))

describeInBrowser('plot --html', (open) => {
  let folder: string
  let url: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
    const file = join(folder, 'revolve.html')
    execFileSync(process.execPath, [bin, ...`plot revolve --steps 10 --ram 3 --html ${file}`.split(' ')])
    url = pathToFileURL(file).href
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('steps by keyboard, scrubs by pointer, and says what each action is for', async () => {
    const { page, complaints } = await open({ origin: url })
    await page.goto(url)
    const readout = page.locator('.readout')
    const shows = async (i: number) => {
      await expect.poll(() => readout.textContent()).toContain(`Action ${i + 1} of 40`)
      const text = await readout.textContent()
      expect(text).toContain(formatAction(actionAt(recording, i)))
      expect(text).toContain(whyAt(recording, i))
    }
    await shows(0)
    await page.locator('canvas').first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await shows(2)
    await page.keyboard.press('End')
    await shows(39)
    await page.getByLabel('First action').click()
    await shows(0)
    await page.getByRole('slider').fill('17')
    await shows(17)

    // Time goes across: the middle of an action's time is the action.
    const box = (await page.locator('canvas').first().boundingBox())!
    const { times, length } = recording
    const middle = (i: number) => (times[i]! + times[i + 1]!) / 2 / times[length]!
    const across = (i: number) => 64 + middle(i) * (box.width - 64 - 28)
    await page.mouse.click(box.x + across(1), box.y + 200)
    await shows(1)
    await page.mouse.move(box.x + across(14), box.y + 200)
    await expect.poll(() => page.locator('.tip').textContent()).toBe(`15. ${whyAt(recording, 14)}`)
    expect(complaints).toEqual([])
  })

  test('plays to the end, and zooms into the present action', async () => {
    const { page, complaints } = await open({ origin: url, width: 390, colorScheme: 'dark' })
    await page.goto(url)
    await page.getByLabel('Play', { exact: true }).click()
    await expect.poll(() => page.getByRole('slider').inputValue(), { timeout: 10_000 }).not.toBe('0')
    await page.getByLabel('Pause').click()
    const picture = () =>
      page
        .locator('canvas')
        .first()
        .evaluate((it) => (it as unknown as { toDataURL(): string }).toDataURL())
    const whole = await picture()
    await page.getByLabel('Zoom in').click()
    const near = await picture()
    expect(near).not.toBe(whole)
    await page.getByLabel('Show all').click()
    expect(await picture()).toBe(whole)
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(overflow).toBe(0)
    expect(complaints).toEqual([])
  })
})
