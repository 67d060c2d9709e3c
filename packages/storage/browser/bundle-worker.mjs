// Bundles the worker of OPFS into a text, `src/opfs/worker-source.ts`, which is part of the sources: a bundler of a user then has no file to
// find, and tests need no build. `node bundle-worker.mjs` writes it; a test holds it to the sources.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const target = new URL('src/opfs/worker-source.ts', import.meta.url)

/** What the file must be. */
export async function workerModule() {
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
  return `/** The worker of OPFS, bundled by bundle-worker.mjs: do not edit. */
export const workerSource: string = ${JSON.stringify(outputFiles[0].text.trim())}
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, await workerModule())
