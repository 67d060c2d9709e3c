/** The worker that a store brings along; `bundle-worker.mjs` makes `worker-source.ts` of it. */
import { serveOpfs } from './serve-opfs.js'

serveOpfs()
