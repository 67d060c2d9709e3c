/**
 * A disk in memory that forgets: after a crash, what was not flushed is there, or not, or in part. A crash is a number of operations
 * from now; from then on nothing works until the machine is started again.
 */
import { basename } from 'node:path'
import { crc32 } from 'node:zlib'
import { alternatingLog } from '../../src/alternating-log.js'
import { seal } from '../../src/header.js'
import type { Flush, JournalFiles, LogFile } from '../../src/journal-files.js'
import type { FileThread, Medium } from '../../src/medium.js'
import type { Done, Request } from '../../src/protocol.js'

export const medium: Medium = {
  words: { package: 'simulated', store: 'store', journal: 'journal', place: 'disk', remove: 'harm' },
  checksum: crc32,
  advice: () => 'Start again.',
  isSystemError: () => false,
}

export class PowerCut extends Error {}

interface Inode {
  /** What a process sees. */
  bytes: Uint8Array
  /** What is on the plates for sure. */
  flushed: Uint8Array
  writes: Write[]
}

/** Bytes at a position, or instead of all that was there. */
type Write = { readonly at: number | 'all'; readonly bytes: Uint8Array }

const LOG = 'journal.log'
const NEW_LOG = 'journal.log.new'

type NameChange = (names: Map<string, Inode>) => void

/** 0 to 1. */
type Random = () => number

export class SimulatedDisk {
  #names = new Map<string, Inode>()
  #flushedNames = new Map<string, Inode>()
  #changes: NameChange[] = []
  #left = Infinity
  /** Operations so far. */
  operations = 0

  /** The power goes after so many further operations. */
  cutAfter(operations: number): void {
    this.#left = operations
  }

  /** The machine starts again: each write that was not flushed is whole, cut off, or lost; name changes are lost from some one on. */
  restart(random: Random): void {
    this.#left = Infinity
    const kept = Math.floor(random() * (this.#changes.length + 1))
    for (const change of this.#changes.slice(0, kept)) change(this.#flushedNames)
    this.#changes = []
    this.#names = new Map(this.#flushedNames)
    for (const inode of new Set(this.#names.values())) {
      let bytes = inode.flushed
      for (const write of inode.writes) {
        const fate = random()
        if (fate < 0.4) bytes = written(bytes, write)
        else if (fate < 0.7 && write.at !== 'all') {
          const part = write.bytes.slice(0, Math.floor(random() * write.bytes.length))
          bytes = written(bytes, { at: write.at, bytes: part })
        }
      }
      Object.assign(inode, { bytes, flushed: bytes, writes: [] })
    }
  }

  /** What a process sees, by name. */
  get files(): ReadonlyMap<string, { readonly bytes: Uint8Array }> {
    return this.#names
  }

  /** Changes a file as somebody else might. */
  harm(name: string, change: (bytes: Uint8Array) => Uint8Array | undefined): void {
    const inode = this.#names.get(name)!
    const bytes = change(inode.bytes.slice())
    if (bytes === undefined) {
      this.#names.delete(name)
      this.#flushedNames.delete(name)
    } else Object.assign(inode, { bytes, flushed: bytes, writes: [] })
  }

  /** Every file is gone, as when the directory is released. */
  clear(): void {
    this.#operation()
    this.#names.clear()
    this.#flushedNames.clear()
    this.#changes = []
  }

  /** The files of a journal, with a log that is renamed, or one in files that take turns, whose names are never flushed. */
  journalFiles(log: 'renamed' | 'alternating'): JournalFiles {
    return {
      log: log === 'renamed' ? this.#renamedLog : this.#alternatingLog,
      create: async (name, bytes, flush) => this.#createWith(name, bytes, flush),
      read: async (name, most) => this.#read(name, most),
      remove: async (gone) => {
        for (const name of gone) this.#change((names) => names.delete(name))
      },
      list: async () => [...this.#names.keys()],
      flushNames: async () => {
        if (log === 'renamed') this.#flushNames()
      },
    }
  }

  get #renamedLog(): LogFile {
    return {
      read: async () => this.#read(LOG),
      readStart: async (count) => this.#read(LOG)?.slice(0, count),
      append: async (bytes, flush) => {
        this.#write(LOG, this.#find(LOG).bytes.length, bytes)
        if (flush === 'flushed') this.#flush(LOG)
      },
      replace: async (bytes, flush, confirm) => {
        this.#change((names) => names.delete(NEW_LOG))
        this.#createWith(NEW_LOG, bytes, flush)
        await confirm()
        this.#change((names) => {
          const inode = names.get(NEW_LOG)
          if (inode === undefined) return
          names.delete(NEW_LOG)
          names.set(LOG, inode)
        })
        if (flush === 'flushed') this.#flushNames()
      },
    }
  }

  get #alternatingLog(): LogFile {
    const make = (name: string) => {
      if (!this.#names.has(name)) this.#create(name)
    }
    return alternatingLog({
      read: async (name, most) => this.#read(name, most),
      write: async (name, at, bytes, flush) => {
        make(name)
        this.#write(name, at, bytes)
        if (flush === 'flushed') this.#flush(name)
      },
      empty: async (name) => {
        make(name)
        this.#write(name, 'all', new Uint8Array(0))
        this.#flush(name)
      },
    })
  }

  #read(name: string, most = Infinity): Uint8Array | undefined {
    this.#operation()
    const bytes = this.#names.get(name)?.bytes
    if (bytes !== undefined && bytes.length > most) throw new Error(`${name} is too long`)
    return bytes?.slice()
  }

  #createWith(name: string, bytes: Uint8Array, flush: Flush): void {
    this.#create(name)
    this.#write(name, 0, bytes)
    if (flush === 'flushed') this.#flush(name)
  }

  get thread(): FileThread {
    return {
      request: async (request) => this.#carryOut(request),
      end: async () => undefined,
    }
  }

  #carryOut(request: Request): Done {
    switch (request.do) {
      case 'create':
        this.#create(basename(request.path))
        return {}
      case 'reopen':
        if (!this.#names.has(basename(request.path))) this.#create(basename(request.path))
        return { size: this.#find(basename(request.path)).bytes.length }
      case 'write': {
        const name = basename(request.path)
        if (request.alone) this.#create(name)
        const { front, parts, at } = request
        let crc = crc32(front.subarray(64))
        let position = at + front.length
        for (const part of parts) {
          crc = crc32(new Uint8Array(part), crc)
          this.#write(name, position, new Uint8Array(part.slice(0)))
          position += part.byteLength
        }
        seal(front, crc)
        this.#write(name, at, front.slice())
        return { parts: [...parts] }
      }
      case 'read': {
        this.#operation()
        const { bytes } = this.#find(basename(request.path))
        const end = request.partBytes.reduce((sum, part) => sum + part, request.at + request.frontBytes)
        if (bytes.length < end) throw Object.assign(new Error('the file is too short'), { code: 'TRUNCATED' })
        const front = bytes.slice(request.at, request.at + request.frontBytes)
        let crc = crc32(front.subarray(64))
        let position = request.at + request.frontBytes
        const parts = request.partBytes.map((length) => {
          const part = bytes.slice(position, position + length)
          crc = crc32(part, crc)
          position += length
          return part.buffer
        })
        return { front, parts, sum: crc }
      }
      case 'sync':
        for (const path of request.paths) this.#flush(basename(path))
        return {}
      case 'remove':
        for (const path of request.paths) this.#change((names) => names.delete(basename(path)))
        return {}
      case 'close':
        return {}
    }
  }

  #create(name: string): void {
    if (this.#names.has(name)) throw Object.assign(new Error(`${name} exists`), { code: 'EEXIST' })
    const inode: Inode = { bytes: new Uint8Array(0), flushed: new Uint8Array(0), writes: [] }
    this.#change((names) => names.set(name, inode))
  }

  #write(name: string, at: Write['at'], bytes: Uint8Array): void {
    const inode = this.#find(name)
    if (this.#left === 1) inode.writes.push({ at, bytes }) // the power goes while it is written
    this.#operation()
    inode.bytes = written(inode.bytes, { at, bytes })
    inode.writes.push({ at, bytes })
  }

  #flush(name: string): void {
    this.#operation()
    const inode = this.#find(name)
    Object.assign(inode, { flushed: inode.bytes, writes: [] })
  }

  #flushNames(): void {
    this.#operation()
    this.#flushedNames = new Map(this.#names)
    this.#changes = []
  }

  #change(change: NameChange): void {
    this.#operation()
    change(this.#names)
    this.#changes.push(change)
  }

  #find(name: string): Inode {
    const inode = this.#names.get(name)
    if (inode === undefined) throw Object.assign(new Error(`${name} is not there`), { code: 'ENOENT' })
    return inode
  }

  #operation(): void {
    this.#left -= 1
    if (this.#left <= 0) throw new PowerCut()
    this.operations += 1
  }
}

function written(bytes: Uint8Array, write: Write): Uint8Array {
  if (write.at === 'all') return write.bytes
  const result = new Uint8Array(Math.max(bytes.length, write.at + write.bytes.length))
  result.set(bytes)
  result.set(write.bytes, write.at)
  return result
}
