/** This side of the worker: sends requests, receives answers, and rejects all that is pending if the worker dies. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { Answer, FileThread } from '@checkpoint-schedules/storage-slots'
import type { OpfsDone, OpfsRequest } from './requests.js'
import { workerSource } from './worker-source.js'

/** Makes a worker in which `serveOpfs` is called. */
export type WorkerMaker = () => Worker

interface Pending {
  readonly resolve: (done: OpfsDone) => void
  readonly reject: (error: Error) => void
}

export class OpfsThread implements FileThread {
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #count = 0
  #died: Error | undefined

  /** @throws `STORE_FAILED`: there are no workers. */
  constructor(make: WorkerMaker = ownWorker) {
    if (typeof Worker === 'undefined')
      throw new CheckpointScheduleError(
        'STORE_FAILED',
        'storage-browser: OPFS needs a worker, and there is none here: use indexedDbStore, or bestStore, which chooses.',
      )
    this.#worker = make()
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Answer<OpfsDone>>) =>
      this.#answered(data),
    )
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault()
      this.#fail(refusedWorker(event.message))
    })
  }

  /** Carries out `request`; requests are carried out in order. The buffers in `handedOver` are transferred and unusable afterwards. */
  request(request: OpfsRequest, handedOver: ArrayBuffer[] = []): Promise<OpfsDone> {
    return new Promise((resolve, reject) => {
      if (this.#died !== undefined) return reject(this.#died)
      const id = this.#count++
      this.#worker.postMessage({ id, request }, handedOver)
      this.#pending.set(id, { resolve, reject })
    })
  }

  /** Ends the worker; pending requests are rejected. */
  async end(): Promise<void> {
    this.#worker.terminate()
    this.#fail(new Error('the worker that reads and writes files has ended'))
  }

  #answered(answer: Answer<OpfsDone>): void {
    const { resolve, reject } = this.#pending.get(answer.id)!
    this.#pending.delete(answer.id)
    if ('done' in answer) resolve(answer.done)
    else reject(Object.assign(new Error(answer.failed.message), { code: answer.failed.code }))
  }

  #fail(error: Error): void {
    this.#died ??= error
    for (const { reject } of this.#pending.values()) reject(this.#died)
    this.#pending.clear()
  }
}

/** The worker that is part of this package, as text, so that no bundler has to find a file of it. */
function ownWorker(): Worker {
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }))
  try {
    const worker = new Worker(url, { name: 'checkpoint-schedules' })
    const loaded = () => URL.revokeObjectURL(url)
    for (const event of ['message', 'error']) worker.addEventListener(event, loaded, { once: true })
    return worker
  } catch (error) {
    URL.revokeObjectURL(url)
    throw refusedWorker((error as Error).message)
  }
}

function refusedWorker(message = ''): CheckpointScheduleError {
  return new CheckpointScheduleError(
    'STORE_FAILED',
    `storage-browser: the worker that reads and writes files cannot run${message && `: ${message}`}. If the page has a content security ` +
      'policy, allow worker-src blob:, or pass worker: () => new Worker(…) with a file of your own that calls serveOpfs().',
    { details: { reason: 'WORKER' } },
  )
}
