import { multistage } from '@checkpoint-schedules/multistage'
import { testStore } from '@checkpoint-schedules/testkit'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { objectStore } from '../src/index.js'
import { cut, paste } from '../src/pieces.js'
import { decay, N } from './support/decay.js'
import { SimulatedStore } from './support/simulated-store.js'

testStore(() => objectStore(new SimulatedStore().client()), { describe, it })
testStore(() => objectStore(new SimulatedStore().client(), { partBytes: 1024 }), {
  describe: (name, body) => describe(`${name}, in parts`, body),
  it,
})

const schedule = multistage({ steps: N, snapshotsOnDisk: 4 })

test('objects are as large as the parts, and a failed one alone is made again', async () => {
  const store = new SimulatedStore()
  const client = store.client()
  const puts = new Map<string, number>()
  const put = async (key: string, bytes: Uint8Array) => {
    const times = (puts.get(key) ?? 0) + 1
    puts.set(key, times)
    if (times === 1 && puts.size % 3 === 0) throw new Error('reset')
    await client.put(key, bytes)
  }
  const stores = { DISK: objectStore({ ...client, put }, { partBytes: 30_000, firstRetryMs: 0 }) }
  await decay({ schedule, stores, cells: 9000 })
  const sizes = [...store.history.values()].map(({ length }) => length)
  expect(Math.max(...sizes)).toBe(30_000)
  expect(sizes.filter((size) => size === 30_000).length).toBe((2 * sizes.length) / 3)
  const times = [...puts.values()]
  expect(times.every((it, i) => it === ((i + 1) % 3 === 0 ? 2 : 1))).toBe(true)
  expect([...store.objects.keys()]).toEqual([])
})

test('pieces are the bytes of the buffers, wherever they are cut', () => {
  const buffers = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 })
  fc.assert(
    fc.property(buffers, fc.integer({ min: 1, max: 50 }), (given, size) => {
      const copies = given.map(({ length }) => new Uint8Array(length))
      let from = 0
      for (const piece of cut(given, size)) {
        paste(piece, from, copies)
        from += piece.length
        expect(piece.length).toBeLessThanOrEqual(size)
      }
      expect(copies).toEqual(given)
    }),
  )
})

test('aborted at any request: the run ends with the reason, and its objects are gone', async () => {
  let isOver = false
  for (let at = 1; !isOver; at += 2) {
    const store = new SimulatedStore()
    const client = store.client()
    const controller = new AbortController()
    const count = async <T>(work: () => Promise<T>) => {
      if (store.requests + 1 === at) controller.abort(new Error('enough'))
      return work()
    }
    const stores = {
      DISK: objectStore({
        put: (key, bytes) => count(() => client.put(key, bytes)),
        get: (key) => count(() => client.get(key)),
        delete: (key) => count(() => client.delete(key)),
      }),
    }
    const run = decay({ schedule, stores, signal: controller.signal })
    isOver = await run.then(
      () => true,
      (error: Error) => {
        expect(error.message).toBe('enough')
        return false
      },
    )
    expect([...store.objects.keys()]).toEqual([])
    if (isOver) expect(at).toBeGreaterThan(20)
  }
})

test('an abort does not wait for a store that never answers', async () => {
  const controller = new AbortController()
  const never = new Promise<never>(() => undefined)
  const client = { put: () => never, get: () => never, delete: async () => undefined }
  const run = decay({ schedule, stores: { DISK: objectStore(client) }, signal: controller.signal })
  setTimeout(() => controller.abort(new Error('enough')), 20)
  await expect(run).rejects.toThrow('enough')
})
