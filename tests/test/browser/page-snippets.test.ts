/** What the documentation shows for pages is run in one: the text that it ends with must be the one in its comment. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { describeInBrowser } from '../support/browser.js'
import { serve } from '../support/static-server.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const shown = ['packages/storage/browser/README.md']
  .flatMap((file) =>
    Array.from(readFileSync(join(root, file), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm), ([, code]) => ({
      file,
      code: code!,
      text: /document\.body\.textContent = .* \/\/ (.+)/.exec(code!)?.[1],
    })),
  )
  .filter(({ text }) => text !== undefined)

describeInBrowser('snippets for pages', (open) => {
  test('there are some', () => expect(shown.length).toBeGreaterThan(1))

  test.each(shown)('$file: $text', async ({ code, text }) => {
    const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-snippet-'))
    await build({
      stdin: { contents: code, loader: 'ts', resolveDir: join(root, 'tests') },
      outfile: join(folder, 'page.js'),
      conditions: ['@checkpoint-schedules/source'],
      bundle: true,
      format: 'esm',
      logLevel: 'warning',
    })
    writeFileSync(
      join(folder, 'index.html'),
      '<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="/page.js"></script>',
    )
    const server = await serve(folder)
    const { page, complaints } = await open({ origin: server.origin })
    await page.goto(server.origin)
    await expect.poll(() => page.locator('body').textContent(), { timeout: 60_000 }).toBe(text)
    expect(complaints).toEqual([])
    await page.close()
    await server.close()
    rmSync(folder, { recursive: true })
  })
})
