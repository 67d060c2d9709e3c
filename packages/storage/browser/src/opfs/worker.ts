/** The worker that a store brings along: `pnpm --filter @checkpoint-schedules/storage-browser worker` bundles it into `worker-source.ts`. */
import { serveOpfs } from './serve-opfs.js'

serveOpfs()
