/** The main thread's side of the worker: requests out, answers in, and an end to all of them if the worker dies. */
import { Worker } from 'node:worker_threads'
import type { Answer, Done, Request } from './protocol.js'

interface Pending {
  readonly resolve: (done: Done) => void
  readonly reject: (error: Error) => void
}

/** Who carries requests out, in order. */
export interface FileThread {
  request(request: Request, handedOver?: ArrayBuffer[]): Promise<Done>
  end(): Promise<void>
}

export class FileWorker implements FileThread {
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #count = 0
  #died: Error | undefined

  constructor() {
    // This form is what bundlers look for; those that do not know it must leave this package external.
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { execArgv: [] })
    this.#worker.on('message', (answer: Answer) => this.#answered(answer))
    this.#worker.on('error', (error: Error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error('the thread that reads and writes has ended')))
    this.#worker.unref() // a store that is forgotten keeps no process alive; work under way does
  }

  /** Carries out `request`; requests are carried out in order. What is in `handedOver` is gone from here. */
  request(request: Request, handedOver: ArrayBuffer[] = []): Promise<Done> {
    return new Promise((resolve, reject) => {
      if (this.#died !== undefined) return reject(this.#died)
      const id = this.#count++
      this.#worker.postMessage({ id, request }, handedOver)
      if (this.#pending.size === 0) this.#worker.ref()
      this.#pending.set(id, { resolve, reject })
    })
  }

  /** Ends the worker; requests under way are rejected. */
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
