// Bundles the worker of OPFS into a text, `src/opfs/worker-source.ts`, which is part of the sources: a bundler of a user then has no file to
// find, and tests need no build. `node bundle-worker.mjs` writes it; a test holds it to the sources.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The text of the worker. */
export async function workerText() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('src/opfs/worker.ts', import.meta.url))],
    conditions: ['@checkpoint-schedules/source'],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'ascii',
    write: false,
    logLevel: 'warning',
  })
  return outputFiles[0].text.trim()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = (await workerText()).replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')
  writeFileSync(
    new URL('src/opfs/worker-source.ts', import.meta.url),
    `/** The worker of OPFS, bundled by bundle-worker.mjs: do not edit. */\nexport const workerSource: string =\n  '${text}'\n`,
  )
}
