/** The folder of a run in the origin private file system, and the worker that has its files. */
import type { JournalEvent } from '@checkpoint-schedules/model'
import { alternatingLog, type FileThread, type JournalFiles } from '@checkpoint-schedules/storage-slots'
import { inUse, storeFailed } from '../browser-medium.js'
import { HOME } from '../names.js'
import { checkSecure } from '../secure-context.js'
import { PATIENCE_MS } from '../web-lock.js'
import { OpfsThread, type WorkerMaker } from './opfs-thread.js'

/** What a run asks for. */
export interface OpfsAsking {
  /** The name of its folder. */
  readonly run: string
  readonly worker?: WorkerMaker | undefined
  /** The run may be that of a tab which is just closing. */
  readonly isPatient: boolean
  readonly signal?: AbortSignal | undefined
  readonly tell?: ((event: JournalEvent) => void) | undefined
}

export class OpfsRun {
  /** For errors. */
  readonly path: string
  readonly #run: string
  readonly #worker: WorkerMaker | undefined
  readonly #thread: OpfsThread

  private constructor({ run, worker }: OpfsAsking) {
    this.path = `OPFS/${HOME}/${run}`
    this.#run = run
    this.#worker = worker
    this.#thread = new OpfsThread(worker)
  }

  /** Takes the run, which nobody else can have then. @throws `STORE_FAILED` */
  static async take(asking: OpfsAsking): Promise<OpfsRun> {
    const { run, isPatient, signal, tell } = asking
    signal?.throwIfAborted()
    checkSecure()
    const taken = new OpfsRun(asking)
    const thread = taken.#thread
    const onAbort = () => void thread.end()
    signal?.addEventListener('abort', onAbort)
    try {
      const lock = async (waitMs: number) => (await thread.request({ do: 'lock', run, waitMs })).isTaken
      let isTaken = await lock(0)
      if (!isTaken && isPatient) {
        tell?.({
          type: 'waiting',
          message: `${taken.path} is in use by another tab or worker, which may be closing.`,
        })
        isTaken = await lock(PATIENCE_MS)
      }
      if (!isTaken) throw inUse(taken.path, { run })
      await thread.request({ do: 'enter', run, sweep: true })
      return taken
    } catch (error) {
      await thread.end()
      signal?.throwIfAborted()
      throw storeFailed(`${taken.path} cannot be used`, error, { run })
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** The thread itself, which ends with the run. */
  get thread(): FileThread {
    const thread = this.#thread
    return {
      request: (request, handedOver) => thread.request(request, handedOver),
      end: async () => undefined,
    }
  }

  /** A further worker for files of this run. */
  newThread(): FileThread {
    const thread = new OpfsThread(this.#worker)
    const entered = thread.request({ do: 'enter', run: this.#run, sweep: false })
    entered.catch(() => undefined) // the first request reports it
    return {
      request: async (request, handedOver) => {
        await entered
        return thread.request(request, handedOver)
      },
      end: () => thread.end(),
    }
  }

  /** The files of a journal in this folder. */
  get journalFiles(): JournalFiles {
    const thread = this.#thread
    const load = async (name: string, most: number) =>
      (await thread.request({ do: 'load', name, most })).bytes
    return {
      log: alternatingLog({
        read: load,
        write: async (name, at, bytes, flush) =>
          void (await thread.request({ do: 'save', name, at, bytes, flush, close: false })),
        empty: async (name) => void (await thread.request({ do: 'empty', name })),
      }),
      create: async (name, bytes, flush) =>
        void (await thread.request({ do: 'save', name, at: 0, bytes, flush, close: true }, [
          bytes.buffer as ArrayBuffer,
        ])),
      read: load,
      remove: async (names) => void (await thread.request({ do: 'remove', paths: names })),
      list: async () => (await thread.request({ do: 'list' })).names ?? [],
      flushNames: async () => undefined, // there is no way to ask for it
    }
  }

  /** Leaves the folder, which is removed unless it is kept, and ends the worker. */
  async release(keep: boolean): Promise<void> {
    try {
      await this.#thread.request({ do: 'leave', keep })
    } catch (error) {
      throw storeFailed(`${this.path} cannot be released`, error, { run: this.#run })
    } finally {
      await this.#thread.end()
    }
  }
}
