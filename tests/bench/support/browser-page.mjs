// In a page: a checkpoint to a store and back, and the same bytes by a bare handle of OPFS in a worker.
import { treeCodec } from '@checkpoint-schedules/model'
import { indexedDbStore, opfsStore } from '@checkpoint-schedules/storage-browser'

const stores = { opfs: opfsStore, indexedDb: indexedDbStore }
const rounds = (bytes) => Math.max(9, Math.min(41, Math.round(2e8 / bytes)))
const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1]

async function stored(which, bytes) {
  const codecs = { restart: treeCodec, dependency: treeCodec }
  const store = await stores[which]().open({ storage: 'DISK', limit: 2, codecs })
  let state = Float64Array.from({ length: bytes / 8 }, (_, i) => Math.sin(i))
  const [write, read] = [[], []]
  for (let k = 0; k < rounds(bytes); k++) {
    const key = { step: k, kind: 'restart' }
    let started = performance.now()
    await store.put(key, state)
    write.push(performance.now() - started)
    started = performance.now()
    state = await store.take(key)
    read.push(performance.now() - started)
  }
  await store.clear()
  await store.close()
  return { write: median(write), read: median(read) }
}

async function bare(bytes, rounds) {
  const root = await navigator.storage.getDirectory()
  const file = await root.getFileHandle('bare', { create: true })
  const handle = await file.createSyncAccessHandle()
  const [from, to] = [new Uint8Array(bytes).fill(7), new Uint8Array(bytes)]
  const [write, read] = [[], []]
  for (let k = 0; k < rounds; k++) {
    let started = performance.now()
    handle.write(from, { at: 0 })
    write.push(performance.now() - started)
    started = performance.now()
    handle.read(to, { at: 0 })
    read.push(performance.now() - started)
  }
  handle.close()
  await root.removeEntry('bare')
  postMessage([write, read])
}

globalThis.measure = (which, bytes) => {
  if (which !== 'bare') return stored(which, bytes)
  const url = URL.createObjectURL(new Blob([`(${bare.toString()})(${bytes}, ${rounds(bytes)})`]))
  const worker = new Worker(url)
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data: [write, read] }) =>
      resolve({ write: median(write), read: median(read) }),
    )
    worker.addEventListener('error', ({ message }) => reject(new Error(message)))
  })
}
