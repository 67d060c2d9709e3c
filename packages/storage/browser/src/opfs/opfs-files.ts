/** The files of a run in the origin private file system, for the worker: it knows names and bytes, and nothing about steps or codecs. */
import { PATIENCE_MS, type Release, sweepDead, takeLock } from '../web-lock.js'
import { HOME, isStoreName } from '../names.js'
import { readAll, readCheckpoint, writeAll, writeCheckpoint } from './checkpoints.js'
import { openHandle, removeEntry, type SyncHandle } from './handles.js'
import type { OpfsDone, OpfsRequest, SaveRequest } from './requests.js'

export class OpfsFiles {
  readonly #handles = new Map<string, SyncHandle>()
  #run = ''
  #home: FileSystemDirectoryHandle | undefined
  #folder: FileSystemDirectoryHandle | undefined
  #release: Release | undefined

  async carryOut(request: OpfsRequest): Promise<OpfsDone> {
    switch (request.do) {
      case 'lock':
        this.#release = await takeLock(request.run, Math.min(request.waitMs, PATIENCE_MS))
        return { isTaken: this.#release !== undefined }
      case 'enter':
        await this.#enter(request.run, request.sweep)
        return {}
      case 'create':
        await (await this.#open(nameOf(request.path), true)).truncate(0)
        return {}
      case 'reopen':
        return { size: await (await this.#open(nameOf(request.path), true)).getSize() }
      case 'write': {
        const name = nameOf(request.path)
        if (!request.alone) return writeCheckpoint(await this.#open(name, true), request)
        return this.#during(name, true, async (handle) => {
          await handle.truncate(0)
          return writeCheckpoint(handle, request)
        })
      }
      case 'read':
        return this.#during(nameOf(request.path), false, (handle) => readCheckpoint(handle, request))
      case 'sync':
        for (const path of request.paths)
          await this.#during(nameOf(path), false, async (handle) => handle.flush())
        return {}
      case 'remove':
        for (const path of request.paths) {
          await this.#close(nameOf(path))
          await removeEntry(this.#place, nameOf(path))
        }
        return {}
      case 'close':
        for (const name of this.#handles.keys()) await this.#close(name)
        return {}
      case 'list':
        return { names: await namesIn(this.#place) }
      case 'load':
        return { bytes: await this.#load(request.name, request.most) }
      case 'empty': {
        const handle = await this.#open(request.name, true)
        await handle.truncate(0)
        await handle.flush()
        return {}
      }
      case 'save':
        await this.#save(request)
        return {}
      case 'leave':
        await this.#leave(request.keep)
        return {}
    }
  }

  get #place(): FileSystemDirectoryHandle {
    if (this.#folder === undefined) throw new Error('the folder of the run has not been entered')
    return this.#folder
  }

  async #enter(run: string, sweep: boolean): Promise<void> {
    const root = await navigator.storage.getDirectory()
    const home = (this.#home = await root.getDirectoryHandle(HOME, { create: true }))
    this.#folder = await home.getDirectoryHandle(run, { create: true })
    this.#run = run
    if (!sweep) return
    const others = (await namesIn(home)).filter((name) => isStoreName(name) && name !== run)
    await sweepDead(others, (name) => removeEntry(home, name))
  }

  async #leave(keep: boolean): Promise<void> {
    try {
      for (const name of this.#handles.keys()) await this.#close(name)
      if (!keep && this.#home !== undefined && this.#run !== '') await removeEntry(this.#home, this.#run)
    } finally {
      this.#release?.()
      this.#release = undefined
    }
  }

  async #load(name: string, most: number): Promise<Uint8Array | undefined> {
    try {
      return await this.#during(name, false, async (handle) => {
        const size = await handle.getSize()
        if (size > most) throw new Error(`${name} has ${size} bytes; at most ${most} were expected`)
        const bytes = new Uint8Array(size)
        readAll(handle, bytes, 0)
        return bytes
      })
    } catch (error) {
      if ((error as Error).name === 'NotFoundError') return undefined
      throw error
    }
  }

  async #save({ name, at, bytes, flush, close }: SaveRequest): Promise<void> {
    const handle = await this.#open(name, true)
    try {
      if (close) await handle.truncate(0)
      writeAll(handle, bytes, at)
      if (flush === 'flushed') await handle.flush()
    } finally {
      if (close) await this.#close(name)
    }
  }

  /** Opens a file that stays open. */
  async #open(name: string, create: boolean): Promise<SyncHandle> {
    const open = this.#handles.get(name)
    if (open !== undefined) return open
    const handle = await openHandle(this.#place, name, create)
    this.#handles.set(name, handle)
    return handle
  }

  /** Works with a file, which stays as it was: open or closed. */
  async #during<T>(name: string, create: boolean, work: (handle: SyncHandle) => Promise<T>): Promise<T> {
    const open = this.#handles.get(name)
    if (open !== undefined) return work(open)
    const handle = await openHandle(this.#place, name, create)
    try {
      return await work(handle)
    } finally {
      await handle.close()
    }
  }

  async #close(name: string): Promise<void> {
    const handle = this.#handles.get(name)
    this.#handles.delete(name)
    await handle?.close()
  }
}

/** The name of a file from its path, which errors show. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

async function namesIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = []
  for await (const name of folder.keys()) names.push(name)
  return names
}
