/** The worker's side: answers requests one after another. */
import type { Answer } from '@checkpoint-schedules/storage-slots'
import { plainError } from '../plain-error.js'
import { OpfsFiles } from './opfs-files.js'
import type { OpfsDone, OpfsRequest } from './requests.js'

interface WorkerScope {
  addEventListener(
    type: 'message',
    listener: (event: MessageEvent<{ readonly id: number; readonly request: OpfsRequest }>) => void,
  ): void
  postMessage(answer: Answer<OpfsDone>, transfer: Transferable[]): void
}

/**
 * Makes the worker in which it is called the one that reads and writes the files of an `opfsStore` or `opfsJournal`, for pages whose
 * content security policy refuses the worker that these bring along.
 *
 * @example
 * ```ts
 * // A file that only `new Worker` loads: there is no document.
 * import { serveOpfs } from '@checkpoint-schedules/storage-browser'
 *
 * serveOpfs()
 * ```
 */
export function serveOpfs(): void {
  const scope = globalThis as unknown as WorkerScope
  const files = new OpfsFiles()
  let last = Promise.resolve()

  const answer = async (before: Promise<void>, id: number, request: OpfsRequest) => {
    await before
    try {
      const done = await files.carryOut(request)
      scope.postMessage({ id, done }, done.parts ?? [])
    } catch (error) {
      scope.postMessage({ id, failed: plainError(error) }, [])
    }
  }
  scope.addEventListener('message', ({ data: { id, request } }) => {
    last = answer(last, id, request)
  })
}
