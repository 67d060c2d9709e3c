/** Pages for tests in a browser: a script, bundled from the sources as a user's bundler does it, and an empty page that loads it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { serve, type StaticServer } from './static-server.js'

export interface BundledPage {
  /** Serves `/`, which loads `/page.js`, at an origin of its own. */
  serve(): Promise<StaticServer>
  remove(): void
}

/**
 * Bundles `pages/<script>`.
 *
 * @param heads - Further pages by name, with what is in their head.
 */
export async function bundlePage(
  script: string,
  heads: Readonly<Record<string, string>> = {},
): Promise<BundledPage> {
  const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-page-'))
  await build({
    entryPoints: [fileURLToPath(new URL(`pages/${script}`, import.meta.url))],
    outfile: join(folder, 'page.js'),
    conditions: ['@checkpoint-schedules/source'],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
  })
  for (const [name, head] of Object.entries({ index: '', ...heads }))
    writeFileSync(
      join(folder, `${name}.html`),
      `<!doctype html><link rel="icon" href="data:,">${head}<script type="module" src="/page.js"></script>`,
    )
  return { serve: () => serve(folder), remove: () => rmSync(folder, { recursive: true }) }
}
