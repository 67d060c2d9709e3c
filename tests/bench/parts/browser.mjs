// A checkpoint from a page to a store of the browser and back, in Chromium, through the contract: with checksums, written by a worker. Beside
// it, the same bytes by a bare handle, in the worker itself. Nothing is flushed.
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { findChromium, openProfile } from '../../support/chromium.mjs'
import { inScratchFolder } from '../support/scratch.mjs'

const MB = 2 ** 20

async function measured(which, bytes) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../support/browser-page.mjs', import.meta.url))],
    bundle: true,
    format: 'esm',
    write: false,
  })
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    // Isolated, for a clock with a resolution of microseconds.
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    response.setHeader('cross-origin-embedder-policy', 'require-corp')
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(
      isScript ? outputFiles[0].text : '<!doctype html><script type="module" src="/page.js"></script>',
    )
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await inScratchFolder(async (folder) => {
      const browser = await openProfile(findChromium(), folder)
      try {
        const page = await browser.newPage()
        await page.goto(`http://127.0.0.1:${server.address().port}/`)
        return await page.evaluate(([which, bytes]) => globalThis.measure(which, bytes), [which, bytes])
      } finally {
        await browser.close()
      }
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const speed = (bytes, time) => bytes / time / 1e6

export const bench = {
  title: 'a checkpoint to a store of a browser and back: wall time',
  experiments: [0.1, 1, 16, 64].map((size) => {
    const bytes = 8 * Math.round((size * MB) / 8)
    const figures = ['write', 'read'].flatMap((what) => [
      ...['opfs', 'indexedDb', 'bare'].map((which) => ({
        name: `${size} MB`,
        figure: `${{ opfs: 'opfsStore', indexedDb: 'indexedDbStore', bare: 'bare handle' }[which]}, ${what}`,
        unit: 'GB/s',
        better: 'higher',
        measure: (samples) => speed(bytes, samples[which][what]),
      })),
      {
        name: `${size} MB`,
        figure: `opfsStore / indexedDbStore, ${what}`,
        unit: '×',
        ...(size >= 1 ? { goal: { atMost: 0.5 } } : {}),
        measure: ({ opfs, indexedDb }) => opfs[what] / indexedDb[what],
      },
    ])
    return {
      rounds: 3,
      variants: {
        opfs: () => measured('opfs', bytes),
        indexedDb: () => measured('indexedDb', bytes),
        bare: () => measured('bare', bytes),
      },
      goals: figures,
    }
  }),
}
