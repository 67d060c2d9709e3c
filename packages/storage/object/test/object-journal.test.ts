/** What a journal refuses, what it puts up with, and two runs on one. */
import type { ObjectClient } from '@checkpoint-schedules/model'
import { multistage } from '@checkpoint-schedules/multistage'
import { expect, test } from 'vitest'
import { objectJournal, readObjectJournal, removeObjectJournal } from '../src/index.js'
import { decay, N } from './support/decay.js'
import { SimulatedStore } from './support/simulated-store.js'

const schedule = multistage({ steps: N, snapshotsInRam: 1, snapshotsOnDisk: 3 })
const options = { everySeconds: Infinity, everySteps: 2, firstRetryMs: 0, note: { name: 'mine' } }
const journalOver = (client: ObjectClient) => objectJournal(client, 'runs/one', options)
const expected = (await decay({ schedule: multistage({ steps: N, snapshotsInRam: N }) })).bits

/** A store with the journal of a run that was aborted in the reverse, and has `n` steps to reverse. */
async function aborted(n = 6): Promise<SimulatedStore> {
  const store = new SimulatedStore()
  const controller = new AbortController()
  const reversing = (at: number) => at === n && controller.abort(new Error('enough'))
  const run = decay({ schedule, journal: journalOver(store.client()), signal: controller.signal, reversing })
  await expect(run).rejects.toThrow('enough')
  return store
}

test('an abort makes a durable point, and the run resumes there', async () => {
  const store = await aborted()
  const before = await readObjectJournal(store.client(), 'runs/one')
  expect(before).toMatchObject({ note: { name: 'mine' }, last: { forwardEnded: true } })
  const seen: number[] = []
  const { bits, events } = await decay({
    schedule,
    journal: journalOver(store.client()),
    reversing: (n) => seen.push(n),
  })
  expect(bits).toBe(expected)
  expect(events[0]!.message).toMatch(/resumes in the reverse/)
  expect(seen).toHaveLength(N - before!.last!.position.reversed)
  expect([...store.objects.keys()]).toEqual([])
  expect(await readObjectJournal(store.client(), 'runs/one')).toBeUndefined()
})

test('another run is refused, the difference is named, and the journal stays as it was', async () => {
  const store = await aborted()
  const before = new Map(store.objects)
  const other = decay({ schedule, journal: journalOver(store.client()), fingerprint: 'growth' })
  await expect(other).rejects.toMatchObject({
    code: 'JOURNAL_MISMATCH',
    message: expect.stringMatching(
      /runs\/one holds .*fingerprint was "decay" and is "growth".*removeObjectJournal/s,
    ),
  })
  expect(store.objects).toEqual(before)
  expect((await decay({ schedule, journal: journalOver(store.client()) })).bits).toBe(expected)
})

test.each([/\/writer$/, /\/index-[01]$/])('a version that is not known is refused: %s', async (which) => {
  const store = await aborted()
  for (const [key, bytes] of store.objects) if (which.test(key)) store.objects.set(key, nextVersion(bytes))
  const before = new Map(store.objects)
  for (const run of [
    () => decay({ schedule, journal: journalOver(store.client()) }),
    () => readObjectJournal(store.client(), 'runs/one'),
    () => removeObjectJournal(store.client(), 'runs/one'),
  ])
    await expect(run()).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringMatching(/another version .*format 2, this one reads 1/),
    })
  expect(store.objects).toEqual(before)
})

/** The first line of JSON, with another version and the right checksum. */
function nextVersion(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0x0a)
  const text = new TextDecoder().decode(bytes.subarray(9, end)).replace('"version":1', '"version":2')
  return Buffer.concat([Buffer.from(`${crc32(text)} ${text}`), bytes.subarray(end)])
}

/** CRC-32, bit by bit. */
function crc32(text: string): string {
  let crc = -1
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (~crc >>> 0).toString(16).padStart(8, '0')
}

const harms: Record<string, (bytes: Uint8Array) => Uint8Array | undefined> = {
  removed: () => undefined,
  truncated: (bytes) => bytes.slice(0, bytes.length >> 1),
  changed(bytes) {
    const copy = bytes.slice()
    copy[copy.length >> 1]! ^= 4
    return copy
  },
  foreign: () => new TextEncoder().encode('{"generation":1e308,"files":[["__proto__",0,0,0]]}\n'),
  huge: () => new Uint8Array(2 ** 20).fill(0x20),
}

test.each(Object.keys(harms))('each object in turn is %s: the same bits', async (how) => {
  const whole = await aborted()
  let resumed = 0
  for (const key of whole.objects.keys()) {
    const store = new SimulatedStore()
    for (const [name, bytes] of whole.objects) store.objects.set(name, bytes)
    const harmed = harms[how]!(store.objects.get(key)!)
    if (harmed === undefined) store.objects.delete(key)
    else store.objects.set(key, harmed)
    const { bits, events } = await decay({ schedule, journal: journalOver(store.client()) })
    expect(bits, key).toBe(expected)
    expect(events.length, key).toBeGreaterThan(0)
    if (events.some(({ type }) => type === 'resumed')) resumed += 1
  }
  expect(resumed).toBeGreaterThan(1)
})

test('a checkpoint that is changed while the run is under way is an error, not a wrong result', async () => {
  const store = new SimulatedStore()
  const client = store.client()
  let isHarmed = false
  const run = decay({
    schedule: multistage({ steps: N, snapshotsOnDisk: 3 }),
    journal: journalOver(client),
    buffers: 0,
    reversing(n) {
      if (n !== N - 1) return
      for (const [key, bytes] of store.objects)
        if (/\/\d+$/.test(key)) store.objects.set(key, harms['changed']!(bytes)!)
      isHarmed = true
    },
  })
  await expect(run).rejects.toMatchObject({
    code: 'INVALID_FILE',
    message: expect.stringMatching(/checkpoint of step \d+ in DISK .* is damaged.*leave the prefix/s),
  })
  expect(isHarmed).toBe(true)
})

test('a second run takes over at the last durable point; the first ends before its next one', async () => {
  const store = new SimulatedStore()
  let second: ReturnType<typeof decay> | undefined
  const first = decay({
    schedule,
    journal: journalOver(store.client()),
    reversing(n) {
      if (n === 8) second = decay({ schedule, journal: journalOver(store.client()) })
    },
  })
  const [one, other] = await Promise.allSettled([first, first.catch(() => undefined).then(() => second)])
  expect(one).toMatchObject({
    status: 'rejected',
    reason: { code: 'STORE_FAILED', message: expect.stringMatching(/another run has taken over/) },
  })
  expect(other).toMatchObject({ status: 'fulfilled', value: { bits: expected } })
  expect([...store.objects.keys()]).toEqual([])
})

test('several that start at once: at least one ends, with the same bits; the others say why they do not', async () => {
  for (let n = 2; n < 6; n++) {
    const store = await aborted()
    const runs = Array.from({ length: n }, () => decay({ schedule, journal: journalOver(store.client()) }))
    const results = await Promise.allSettled(runs)
    for (const result of results)
      if (result.status === 'fulfilled') expect(result.value.bits).toBe(expected)
      else expect((result.reason as { code: string }).code).toMatch(/^(STORE_FAILED|INVALID_FILE)$/)
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true)
  }
})

test('removing a journal leaves nothing, and its run starts over', async () => {
  const store = await aborted()
  await removeObjectJournal(store.client(), 'runs/one')
  expect([...store.objects.keys()]).toEqual([])
  await removeObjectJournal(store.client(), 'runs/one')
  const { bits, events } = await decay({ schedule, journal: journalOver(store.client()) })
  expect(bits).toBe(expected)
  expect(events[0]!.type).toBe('started-over')
})

test('journals under other prefixes are left alone', async () => {
  const store = await aborted()
  const before = new Map(store.objects)
  await decay({ schedule, journal: objectJournal(store.client(), 'runs/two', options) })
  await decay({ schedule, journal: objectJournal(store.client(), 'runs', options) })
  expect(store.objects).toEqual(before)
})
