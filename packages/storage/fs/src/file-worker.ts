/** The main thread's side of the worker: sends requests, receives answers, and rejects all pending requests if the worker dies. */
import { Worker } from 'node:worker_threads'
import type { Answer, Done, FileThread, Request } from '@checkpoint-schedules/storage-slots'
import type { BeatRequest } from './beat.js'

interface Pending {
  readonly resolve: (done: Done) => void
  readonly reject: (error: Error) => void
}

/** How long a thread without work waits for the next store, in milliseconds. */
const SPARE_MS = 2000
/** A thread that has no work: starting another one takes 40 ms, which many short runs would each pay. */
let spare: Worker | undefined
let spareEnds: ReturnType<typeof setTimeout> | undefined

function thread(): Worker {
  const worker = spare ?? started()
  spare = undefined
  clearTimeout(spareEnds)
  return worker
}

function started(): Worker {
  // Bundlers look for this form; those that do not support it must treat this package as external.
  const worker = new Worker(new URL('./worker.js', import.meta.url), { execArgv: [] })
  const forget = () => {
    if (spare === worker) spare = undefined
  }
  return worker.on('error', forget).on('exit', forget)
}

/** Keeps a thread for the next store, or ends it. */
function keep(worker: Worker): void {
  if (spare !== undefined) return void worker.terminate()
  spare = worker
  spareEnds = setTimeout(() => {
    spare = undefined
    void worker.terminate()
  }, SPARE_MS)
  spareEnds.unref()
}

export class FileWorker implements FileThread {
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  readonly #hear = (answer: Answer) => this.#answered(answer)
  readonly #mourn = (reason: unknown) =>
    this.#fail(
      reason instanceof Error ? reason : new Error('the thread that reads and writes files has ended'),
    )
  #count = 0
  #died: Error | undefined

  constructor() {
    this.#worker = thread()
    this.#worker.on('message', this.#hear).on('error', this.#mourn).on('exit', this.#mourn)
    this.#worker.unref() // an unclosed store does not keep the process alive; pending requests do
  }

  /** Carries out `request`; requests are carried out in order. The buffers in `handedOver` are transferred and unusable afterwards. */
  request(request: Request | BeatRequest, handedOver: ArrayBuffer[] = []): Promise<Done> {
    return new Promise((resolve, reject) => {
      if (this.#died !== undefined) return reject(this.#died)
      const id = this.#count++
      this.#worker.postMessage({ id, request }, handedOver)
      if (this.#pending.size === 0) this.#worker.ref()
      this.#pending.set(id, { resolve, reject })
    })
  }

  /** Ends the thread, whatever it does; pending requests are rejected. */
  async terminate(): Promise<void> {
    await this.#worker.terminate()
  }

  /** Gives the thread back with its files closed; one that is at work is ended. */
  async end(): Promise<void> {
    try {
      if (this.#pending.size > 0) return await this.terminate()
      await this.request({ do: 'close' })
    } catch {
      return this.terminate()
    }
    this.#fail(new Error('the store is closed'))
    this.#worker.off('message', this.#hear).off('error', this.#mourn).off('exit', this.#mourn)
    keep(this.#worker)
  }

  #answered(answer: Answer): void {
    const { resolve, reject } = this.#pending.get(answer.id)!
    this.#pending.delete(answer.id)
    if (this.#pending.size === 0) this.#worker.unref()
    if ('done' in answer) resolve(answer.done)
    else reject(Object.assign(new Error(answer.failed.message), { code: answer.failed.code }))
  }

  #fail(error: Error): void {
    this.#died ??= error
    for (const { reject } of this.#pending.values()) reject(this.#died)
    this.#pending.clear()
  }
}
