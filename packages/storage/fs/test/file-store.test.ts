import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Codec, treeCodec } from '@checkpoint-schedules/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compressed, fileStore, rounded } from '../src/index.js'
import { newDirectory, openStore, restart, settings, state } from './support/directories.js'

describe('values come back to the last bit', () => {
  test.each([
    ['a number', -0],
    ['not a number', Number.NaN],
    ['null', null],
    ['a lone large array', Float64Array.from({ length: 50_000 }, (_, i) => i / 7)],
    ['a large array of bytes', Uint8Array.from({ length: 100_001 }, (_, i) => i)],
    ['no bytes at all', new Float64Array(0)],
    ['a tree', { a: [1, 'two', true, { b: new BigInt64Array(10_000).fill(-3n) }], c: new Float32Array(1) }],
  ])('%s', async (_, value) => {
    const store = await openStore(newDirectory())
    const copy = treeCodec.clone(value)
    await store.put(restart(3), value)
    expect(await store.get(restart(3))).toEqual(copy)
    expect(await store.take(restart(3))).toEqual(copy)
    expect([...store.keys()]).toEqual([])
  })

  test('a pattern of NaN, and arrays that share a buffer', async () => {
    const store = await openStore(newDirectory())
    const bits = new BigUint64Array(20_000).fill(0x7ff8_dead_beef_0001n)
    const shared = new Float64Array(40_000).map((_, i) => i)
    await store.put(restart(0), [new Float64Array(bits.buffer), shared.subarray(7, 20_007), shared, shared])
    const [nans, part, whole, again] = (await store.get(restart(0))) as Float64Array[]
    expect(new BigUint64Array(nans!.buffer).every((it) => it === 0x7ff8_dead_beef_0001n)).toBe(true)
    expect([part![0], part!.length, whole![39_999], again![39_999]]).toEqual([7, 20_000, 39_999, 39_999])
    again![0] = 5
    expect(whole![0]).toBe(0)
  })

  test('of any sizes, in any order', async () => {
    const store = await openStore(newDirectory())
    const held = new Map<number, unknown>()
    const size = fc.oneof(fc.nat(20), fc.constantFrom(8191, 8192, 8193, 12_345, 30_000))
    await fc.assert(
      fc.asyncProperty(fc.nat(5), size, fc.boolean(), async (step, length, take) => {
        const value = state(length, length)
        held.set(step, treeCodec.clone(value))
        await store.put(restart(step), value)
        for (const [key, expected] of held) expect(await store.get(restart(key))).toEqual(expected)
        if (!take) return
        expect(await store.take(restart(step))).toEqual(held.get(step))
        held.delete(step)
      }),
      { numRuns: 30 },
    )
  })
})

test('a restart state is handed over; a tape is copied, as the model may share its arrays', async () => {
  const store = await openStore(newDirectory())
  const [handed, shared] = [new Float64Array(20_000), new Float64Array(20_000)]
  await store.put({ step: 0, kind: 'restart' }, { handed })
  await store.put({ step: 1, kind: 'dependency' }, { shared })
  expect([handed.length, shared.length]).toEqual([0, 20_000])
  await expect(store.get({ step: 1, kind: 'restart' })).rejects.toThrow(
    'DISK holds no restart data of step 1',
  )
})

test('slots are used again, and what outgrows them has a file of its own while it lives', async () => {
  const directory = newDirectory()
  const store = await openStore(directory, { limit: 2 })
  const slots = join(directory, 'storage-0.slots')
  for (let i = 0; i < 10; i++) {
    await store.put(restart(i), state(i))
    await store.put(restart(i + 100), state(i))
    await store.delete(restart(i))
    await store.take(restart(i + 100))
  }
  await store.put(restart(1), state(1))
  expect(statSync(slots).size).toBeLessThan(2 * (9000 * 8 + 8192))
  await store.put(restart(7), state(7, 40_000))
  expect(readdirSync(directory).sort()).toEqual([
    'checkpoint-schedules.run',
    'storage-0-0.overflow',
    'storage-0.slots',
  ])
  expect(await store.get(restart(7))).toEqual(state(7, 40_000))
  await store.put(restart(7), state(8)) // in place of the one before
  expect(await store.get(restart(7))).toEqual(state(8))
  expect(readdirSync(directory)).not.toContain('storage-0-0.overflow')
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  expect(statSync(slots).mode & 0o777).toBe(0o600)
})

test('operations on one key happen in order, without waiting for each other outside', async () => {
  const store = await openStore(newDirectory())
  const slow: Codec<unknown> = {
    ...treeCodec,
    encode: async (value) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return treeCodec.encode(value)
    },
  }
  const other = await openStore(newDirectory(), { codecs: { restart: slow, dependency: slow } })
  for (const it of [store, other]) {
    const writes = [it.put(restart(0), state(1)), it.put(restart(1), state(2)), it.put(restart(0), state(3))]
    const read = it.take(restart(0))
    for (const write of writes) await write
    expect(await read).toEqual(state(3))
    expect(await it.get(restart(1))).toEqual(state(2))
  }
})

test('several storages share a directory, and nothing is left after close', async () => {
  const directory = newDirectory()
  const files = fileStore({ directory })
  for (let run = 0; run < 3; run++) {
    const [disk, far] = await Promise.all([
      files.open(settings()),
      files.open(settings({ storage: 'S3', limit: 1 })),
    ])
    await disk.put(restart(0), state(1))
    await far.put(restart(0), state(2))
    expect([await disk.get(restart(0)), await far.get(restart(0))]).toEqual([state(1), state(2)])
    await disk.clear()
    await disk.put(restart(5), state(5, 30_000)) // usable after clear, with slots of another size
    expect(await disk.get(restart(5))).toEqual(state(5, 30_000))
    await disk.close()
    expect(await far.get(restart(0))).toEqual(state(2))
    await far.close()
    expect(existsSync(directory)).toBe(false)
  }
})

test('codecs: what they make is written, and the value is disposed of once', async () => {
  let alive = 0
  const handles: Codec<{ data: Uint8Array }> = {
    clone: (it) => it,
    byteLength: (it) => it.data.length,
    dispose: () => void alive--,
    encode: (it) => it.data,
    decode: (data) => (alive++, { data }),
  }
  const codec = handles as Codec<unknown>
  const store = await openStore(newDirectory(), { codecs: { restart: codec, dependency: codec } })
  for (const length of [0, 10, 100_000]) {
    const data = new Uint8Array(length).fill(7)
    alive++
    await store.put(restart(length), { data })
    expect([alive, data.length]).toEqual([0, length]) // the bytes stay the codec's own
    expect(await store.take(restart(length))).toEqual({ data })
    alive--
  }
  await store.clear()
  expect(alive).toBe(0)
})

test('a value that is not a tree is refused by name, and the store still works', async () => {
  const store = await openStore(newDirectory())
  const put = store.put(restart(0), { u: new Float64Array(20_000), deep: { map: new Map() } })
  await expect(put).rejects.toMatchObject({ code: 'INVALID_VALUE', details: { path: 'value.deep.map' } })
  await store.put(restart(0), state(1))
  expect(await store.get(restart(0))).toEqual(state(1))
})

test('fewer bytes: compressed keeps every bit, rounded keeps seven digits', async () => {
  const zeros = { u: new Float64Array(100_000), v: -0 }
  const small = compressed(treeCodec)
  const bytes = await small.encode(zeros)
  expect(bytes.length).toBeLessThan(10_000)
  expect(await small.decode(bytes)).toEqual(zeros)
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async (noise) => {
      await expect(small.decode(noise)).rejects.toMatchObject({ code: 'INVALID_FILE' })
    }),
  )
  const half = rounded(compressed(treeCodec))
  const value = { u: Float64Array.of(Math.PI, -0), v: [Math.PI, Float64Array.of(1e300)], w: Uint8Array.of(1) }
  const back = await half.decode(await half.encode(value))
  expect(back).toEqual({
    u: Float64Array.of(Math.fround(Math.PI), -0),
    v: [Math.PI, Float64Array.of(Infinity)],
    w: value.w,
  })
  expect(value.u[0]).toBe(Math.PI)
  await expect(half.decode(await small.encode([1, [['a']]]))).rejects.toMatchObject({ code: 'INVALID_FILE' })
})
