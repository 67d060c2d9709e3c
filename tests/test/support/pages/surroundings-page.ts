/** The choice of a store where something is missing. */
import { multistage } from '@checkpoint-schedules/multistage'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { bestStore, indexedDbStore, opfsStore, serveOpfs } from '@checkpoint-schedules/storage-browser'

/** A worker of the page's own, or one in which OPFS is refused, as in the private windows of some browsers. */
const workers = {
  own: () => new Worker('/page.js', { type: 'module' }),
  private: () => new Worker('/page.js?private', { type: 'module' }),
}
const page = {
  /** What `bestStore` chooses, and how a run with it, or the one named, ends. */
  async run(which: 'best' | 'opfs' | 'indexedDb', worker?: keyof typeof workers): Promise<string> {
    const options = worker === undefined ? {} : { worker: workers[worker] }
    try {
      const store =
        which === 'best' ? await bestStore(options) : which === 'opfs' ? opfsStore(options) : indexedDbStore()
      const { adjoints, statistics } = await runAdjoint({
        schedule: multistage({ steps: 20, snapshotsOnDisk: 3 }),
        model: {
          step: (x: number) => x + (x * x) / 10,
          tape: (x: number) => ({ state: x + (x * x) / 10, tape: x }),
          adjoint: (a: number, x: number) => a * (1 + x / 5),
        },
        initialState: 0.1,
        terminalAdjoint: 1,
        stores: { DISK: store },
      })
      return `${statistics.storages['DISK']!.medium} ${adjoints[0]!.toFixed(6)}`
    } catch (error) {
      return (error as Error).message
    }
  },
}

export type SurroundingsPage = typeof page
if (typeof document === 'undefined') {
  if (location.search === '?private')
    navigator.storage.getDirectory = () => Promise.reject(new DOMException('It is refused.', 'SecurityError'))
  serveOpfs()
} else Object.assign(globalThis, { page })
