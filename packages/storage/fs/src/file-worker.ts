/** The main thread's side of the worker: sends requests, receives answers, and rejects all pending requests if the worker dies. */
import { Worker } from 'node:worker_threads'
import type { Answer, Done, FileThread, Request } from '@checkpoint-schedules/storage-slots'
import type { BeatRequest } from './beat.js'

interface Pending {
  readonly resolve: (done: Done) => void
  readonly reject: (error: Error) => void
}

export class FileWorker implements FileThread {
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #count = 0
  #died: Error | undefined

  constructor() {
    // Bundlers look for this form; those that do not support it must treat this package as external.
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { execArgv: [] })
    this.#worker.on('message', (answer: Answer) => this.#answered(answer))
    this.#worker.on('error', (error: Error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error('the thread that reads and writes files has ended')))
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

  /** Ends the worker; pending requests are rejected. */
  async end(): Promise<void> {
    await this.#worker.terminate()
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
