/** Runs with a journal in a browser, and what can be done to the journal while they are down. */
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import { type RunEvent, runAdjoint } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import {
  bestJournal,
  bestStore,
  indexedDbJournal,
  indexedDbStore,
  opfsJournal,
  opfsStore,
  readJournal,
  removeJournal,
} from '@checkpoint-schedules/storage-browser'
import { treeCodec } from '@checkpoint-schedules/model'

const N = 24
const CELLS = 9000 // a state is large enough to be a part of its own
const step = (u: Float64Array) => u.map((x) => x - 0.01 * x * x)
const journals = { OPFS: opfsJournal, IndexedDB: indexedDbJournal }
const stores = { OPFS: opfsStore, IndexedDB: indexedDbStore }

export type Kind = keyof typeof journals

/** How a run is made, and where it ends before its time. */
export interface Asked {
  readonly kind: Kind | 'best'
  readonly name: string
  readonly everySteps?: number
  /** At this call of the model it throws. */
  readonly stopAt?: number
  /** At this call of the model it waits for ever, with its name told to `page.waiting`. */
  readonly hangAt?: number
  readonly fingerprint?: string
  readonly note?: string
}

export interface Outcome {
  readonly bits?: string
  readonly code?: string
  readonly message?: string
  readonly reason?: unknown
  readonly events: readonly RunEvent['type'][]
}

async function run(asked: Asked): Promise<Outcome> {
  const { kind, name, stopAt = Infinity, hangAt = Infinity, fingerprint = 'decay', note } = asked
  const options = { everySteps: asked.everySteps ?? 3, persist: false, note }
  const events: RunEvent['type'][] = []
  let calls = 0
  const on = async () => {
    calls += 1
    if (calls === stopAt) throw new Error('stopped')
    if (calls !== hangAt) return
    page.hanging = true
    await new Promise(() => undefined)
  }
  try {
    const { adjoints } = await runAdjoint({
      schedule: multistage({ steps: N, snapshotsInRam: 1, snapshotsOnDisk: 3 }),
      model: {
        step: async (u: Float64Array) => (await on(), step(u)),
        tape: async (u: Float64Array) => (await on(), { state: step(u), tape: u }),
        adjoint: async (a: Float64Array, u: Float64Array) => (
          await on(),
          a.map((x, i) => x * (1 - 0.02 * u[i]!))
        ),
        fingerprint,
      },
      initialState: new Float64Array(CELLS).map((_, i) => 1 + i / CELLS),
      terminalAdjoint: new Float64Array(CELLS).fill(1),
      journal: await (kind === 'best' ? bestJournal : journals[kind])(name, options),
      onEvent: ({ type }) => events.push(type),
    })
    return { bits: await digestOf(adjoints[0]!), events }
  } catch (error) {
    if (!isCheckpointScheduleError(error)) throw error
    const { code, message, details } = error
    return { code, message, reason: details['reason'], events }
  }
}

async function digestOf(array: Float64Array): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', array.slice()))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The files of a run: bytes, or records of IndexedDB. */
interface Files {
  names(): Promise<string[]>
  read(name: string): Promise<Uint8Array>
  write(name: string, bytes: Uint8Array): Promise<void>
  remove(name: string): Promise<void>
}

async function opfsFiles(runName: string): Promise<Files> {
  const root = await navigator.storage.getDirectory()
  const home = await root.getDirectoryHandle('checkpoint-schedules', { create: true })
  const folder = await home.getDirectoryHandle(runName, { create: true })
  return {
    async names() {
      const names: string[] = []
      for await (const name of folder.keys()) names.push(name)
      return names.toSorted()
    },
    read: async (name) =>
      new Uint8Array(await (await (await folder.getFileHandle(name)).getFile()).arrayBuffer()),
    async write(name, bytes) {
      const stream = await (await folder.getFileHandle(name, { create: true })).createWritable()
      await stream.write(bytes.slice())
      await stream.close()
    },
    remove: (name) => folder.removeEntry(name),
  }
}

type StoredRecord = Uint8Array | { front: Uint8Array; parts: ArrayBuffer[] }

/** A record counts as a file; of a checkpoint its part, or else its front. */
async function recordFiles(runName: string): Promise<Files> {
  const request = indexedDB.open('checkpoint-schedules', 1)
  await new Promise((resolve, reject) => {
    request.onsuccess = resolve
    request.onerror = reject
  })
  const database = request.result
  database.onversionchange = () => database.close()
  const ask = <T>(work: (files: IDBObjectStore) => IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      const asked = work(database.transaction('files', 'readwrite').objectStore('files'))
      asked.onsuccess = () => resolve(asked.result)
      asked.onerror = () => reject(asked.error)
    })
  const keyOf = (name: string) => [runName, name.split(' ')[0]!, Number(name.split(' ')[1])]
  const bytesOf = (record: StoredRecord) =>
    record instanceof Uint8Array
      ? record
      : record.parts.length > 0
        ? new Uint8Array(record.parts[0]!)
        : record.front
  const get = (name: string) => ask<StoredRecord>((files) => files.get(keyOf(name)))
  return {
    names: async () =>
      (await ask((files) => files.getAllKeys()))
        .filter((key) => (key as string[])[0] === runName)
        .map((key) => (key as string[]).slice(1).join(' ')),
    read: async (name) => bytesOf(await get(name)),
    async write(name, bytes) {
      const before = await get(name)
      const record =
        before === undefined || before instanceof Uint8Array
          ? bytes
          : before.parts.length > 0
            ? { ...before, parts: [bytes.slice().buffer] }
            : { ...before, front: bytes }
      await ask((files) => files.put(record, keyOf(name)))
    },
    remove: async (name) => void (await ask((files) => files.delete(keyOf(name)))),
  }
}

const filesOf = (kind: Kind, name: string) => (kind === 'OPFS' ? opfsFiles : recordFiles)(`journal-${name}`)

const harms: Record<string, (files: Files, name: string) => Promise<void>> = {
  async truncated(files, name) {
    const bytes = await files.read(name)
    await files.write(name, bytes.slice(0, bytes.length >> 1))
  },
  async flipped(files, name) {
    const bytes = (await files.read(name)).slice()
    if (bytes.length > 0) bytes[bytes.length >> 1]! ^= 4
    await files.write(name, bytes)
  },
  removed: (files, name) => files.remove(name),
}

/** What tests call. */
const page = {
  hanging: false,
  run,
  readJournal,
  removeJournal,
  bestMedium: async () => (await bestStore()).medium,
  openFault: async (kind: Kind) => {
    try {
      await stores[kind]().open(settings)
      return undefined
    } catch (error) {
      return (error as Error).message
    }
  },

  /** Each file of a journal in turn, harmed in each way: what comes of the run then. */
  async harmEach(kind: Kind, name: string, stopAt: number): Promise<{ what: string; outcome: Outcome }[]> {
    const outcomes: { what: string; outcome: Outcome }[] = []
    for (const how of Object.keys(harms)) {
      for (let i = 0; ; i++) {
        // The same each time, as the model is.
        const before = await run({ kind, name, stopAt, everySteps: 12 })
        if (before.code !== 'MODEL_FAILED') throw new Error(`it was not stopped: ${JSON.stringify(before)}`)
        const files = await filesOf(kind, name)
        const file = (await files.names())[i]
        if (file === undefined) {
          await removeJournal(name)
          break
        }
        await harms[how]!(files, file)
        outcomes.push({ what: `${file} ${how}`, outcome: await run({ kind, name, everySteps: 12 }) })
        await removeJournal(name)
      }
    }
    return outcomes
  },

  /** Names a version of the log that is not there yet, with right checksums. */
  async makeNewer(name: string): Promise<void> {
    const { crc32 } = await import('@checkpoint-schedules/storage-slots')
    const files = await filesOf('IndexedDB', name)
    const [file] = (await files.names()).filter((it) => it.startsWith('journal.log'))
    const lines = new TextDecoder().decode(await files.read(file!)).split('\n')
    const text = lines[0]!.slice(9).replace('"version":2', '"version":99')
    const sum = crc32(new TextEncoder().encode(text)).toString(16).padStart(8, '0')
    await files.write(file!, new TextEncoder().encode([`${sum} ${text}`, ...lines.slice(1)].join('\n')))
  },

  /** The database as a newer version would leave it. */
  makeNewerDatabase: () =>
    new Promise<void>((resolve, reject) => {
      const request = indexedDB.open('checkpoint-schedules', 2)
      request.onsuccess = () => (request.result.close(), resolve())
      request.onerror = () => reject(request.error)
    }),

  /** The browser seems to have so much space. Chromium itself always says 10 GiB more than is used. */
  setQuota(quota: number): void {
    navigator.storage.estimate = async () => ({ quota, usage: 0 })
  },

  /** From now on the database takes so many more values. */
  limitRecords(left: number): void {
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = function (...args) {
      left -= 1
      if (left < 0) throw new DOMException('there is no space', 'QuotaExceededError')
      return put.apply(this, args)
    }
  },

  /** Puts checkpoints of 1 MB until it fails; what is there must still be right. */
  async fill(
    kind: Kind,
    limit: number | null,
  ): Promise<{ stored: number; error: string; code: string; intact: boolean }> {
    const store = await stores[kind]().open({ ...settings, limit })
    const state = (step: number) => new Float64Array(131_072).fill(step)
    let stored = 0
    try {
      for (; stored < 1000; stored++) await store.put({ step: stored, kind: 'restart' }, state(stored))
      throw new Error('there is no end')
    } catch (error) {
      let intact = true
      for (let step = 0; step < stored; step++) {
        const back = (await store.take({ step, kind: 'restart' })) as Float64Array
        intact &&= back.every((x) => x === step)
      }
      const { message, code } = error as Error & { code: string }
      return { stored, error: message, code, intact }
    } finally {
      await store.clear()
      await store.close()
    }
  },

  /** Opens a store, and leaves it open. */
  async leaveOpen(kind: Kind): Promise<void> {
    const store = await stores[kind]().open(settings)
    await store.put({ step: 1, kind: 'restart' }, new Float64Array(100_000))
  },
  async openAndClose(kind: Kind): Promise<void> {
    const store = await stores[kind]().open(settings)
    await store.clear()
    await store.close()
  },

  /** The runs that have anything here. */
  async left(): Promise<string[]> {
    const names: string[] = []
    const root = await navigator.storage.getDirectory()
    for await (const home of root.values())
      for await (const name of (home as FileSystemDirectoryHandle).keys()) names.push(name)
    if ((await indexedDB.databases()).length === 0) return names
    const request = indexedDB.open('checkpoint-schedules', 1)
    await new Promise((resolve) => (request.onsuccess = resolve))
    const keys = request.result.transaction('files').objectStore('files').getAllKeys()
    await new Promise((resolve) => (keys.onsuccess = resolve))
    request.result.close()
    return [...new Set([...names, ...keys.result.map((key) => (key as string[])[0]!)])]
  },
}

const settings = { storage: 'DISK', limit: null, codecs: { restart: treeCodec, dependency: treeCodec } }

export type JournalPage = typeof page
Object.assign(globalThis, { page })
