// A checkpoint written to a slot of a file and read back, over bare positional writes and reads of the same bytes in an existing slot.
// `fileStore` has a checksum on both ways and a thread of its own; it does not flush. So it is compared with a write that is flushed,
// and with one that stays in the system's cache but has the same checksums.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { treeCodec } from '@checkpoint-schedules/driver'
import { fileStore } from '@checkpoint-schedules/storage-fs'
import { best, ratio, table } from './measure.mjs'

const MB = 2 ** 20
const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
const file = openSync(join(folder, 'bare'), 'w+')
const rows = []
try {
  for (const size of [1, 8, 64]) {
    const bytes = size * MB
    const store = await fileStore({ directory: join(folder, `run-${size}`) }).open({
      storage: 'DISK',
      limit: 1,
      codecs: { restart: treeCodec, dependency: treeCodec },
    })
    const key = { step: 0, kind: 'restart' }
    let state = new Float64Array(bytes / 8).map((_, i) => Math.sin(i))
    const from = new Uint8Array(state.slice().buffer)
    const to = new Uint8Array(bytes)
    const bare = (flushed, checked) => () => {
      if (checked) crc32(from)
      writeSync(file, from, 0, bytes, 0)
      if (flushed) fdatasyncSync(file)
      readSync(file, to, 0, bytes, 0)
      if (checked) crc32(to)
    }
    const ours = async () => {
      await store.put(key, state)
      state = await store.get(key)
    }
    const [flushed, checked, stored] = await best([bare(true, false), bare(false, true), ours], 25)
    const speed = (ms) => `${((2 * bytes) / ms / 1e6).toFixed(2)} GB/s`
    rows.push([`${size} MB`, speed(stored), ratio(stored / flushed), ratio(stored / checked)])
    await store.clear()
    await store.close()
  }
} finally {
  closeSync(file)
  rmSync(folder, { recursive: true })
}
table(
  'A checkpoint to a file and back: time over bare writes and reads of the same bytes',
  ['float64 state', 'fileStore', 'flushed', 'cached, with crc32'],
  rows,
)
