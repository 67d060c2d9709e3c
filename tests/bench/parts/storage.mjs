// A checkpoint written to a slot of a file and read back, over bare positional writes and reads of the same bytes in an existing slot.
// `fileStore` has a checksum on both ways and a thread of its own; it does not flush. So it is compared with a write that is flushed,
// and with one that stays in the system's cache but has the same checksums.
import { closeSync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { treeCodec } from '@checkpoint-schedules/driver'
import { fileStore } from '@checkpoint-schedules/storage-fs'
import { timed } from '../harness/timing.mjs'
import { inScratchFolder } from '../support/scratch.mjs'

const MB = 2 ** 20
const timing = { spend: 150, most: 500 }
const waves = (bytes) => Float64Array.from({ length: bytes / 8 }, (_, i) => Math.sin(i))

const bare = (bytes, { flushed, checked }) =>
  inScratchFolder(async (folder) => {
    const file = openSync(join(folder, 'bare'), 'w+')
    const from = new Uint8Array(waves(bytes).buffer)
    const to = new Uint8Array(bytes)
    try {
      return await timed(() => {
        if (checked) crc32(from)
        writeSync(file, from, 0, bytes, 0)
        if (flushed) fdatasyncSync(file)
        readSync(file, to, 0, bytes, 0)
        if (checked) crc32(to)
      }, timing)
    } finally {
      closeSync(file)
    }
  })

const stored = (bytes) =>
  inScratchFolder(async (folder) => {
    const store = await fileStore({ directory: join(folder, 'run') }).open({
      storage: 'DISK',
      limit: 1,
      codecs: { restart: treeCodec, dependency: treeCodec },
    })
    const key = { step: 0, kind: 'restart' }
    let state = waves(bytes)
    const time = await timed(async () => {
      await store.put(key, state)
      state = await store.get(key)
    }, timing)
    await store.clear()
    await store.close()
    return time
  })

export const bench = {
  title: 'a checkpoint to a file and back: wall time over bare writes and reads',
  experiments: [1, 8, 64].map((size) => ({
    rounds: 3,
    variants: {
      stored: () => stored(size * MB),
      flushed: () => bare(size * MB, { flushed: true }),
      checked: () => bare(size * MB, { checked: true }),
    },
    goals: [
      {
        name: `${size} MB`,
        figure: 'fileStore / bare and flushed',
        unit: '×',
        goal: { atMost: 2 },
        measure: ({ stored, flushed }) => stored.wall / flushed.wall,
      },
      {
        name: `${size} MB`,
        figure: 'fileStore / bare, cached, with crc32',
        unit: '×',
        goal: { atMost: 2 },
        measure: ({ stored, checked }) => stored.wall / checked.wall,
      },
      {
        name: `${size} MB`,
        figure: 'fileStore, both ways',
        unit: 'GB/s',
        better: 'higher',
        measure: ({ stored }) => (2 * size * MB) / stored.wall / 1e6,
      },
    ],
  })),
}
