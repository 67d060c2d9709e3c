import { expect, test } from 'vitest'
import { workerText } from '../bundle-worker.mjs'
import { workerSource } from '../src/opfs/worker-source.js'

test('the bundled worker is that of the sources (if not: node packages/storage/browser/bundle-worker.mjs)', async () => {
  expect(workerSource).toBe(await workerText())
})
