/** What is tried again, for how long, and what an error says. Time is faked. */
import type { ObjectClient } from '@checkpoint-schedules/model'
import { multistage } from '@checkpoint-schedules/multistage'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fetchClient, objectJournal, objectStore, type Retry, retrying } from '../src/index.js'
import { decay, N } from './support/decay.js'
import { SimulatedStore } from './support/simulated-store.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A client for which the store is away for so many seconds, from its request number `from` on. */
function awayFor(seconds: number, from: number, error: () => unknown = () => new Error('fetch failed')) {
  const store = new SimulatedStore()
  const client = store.client()
  let since: number | undefined
  let refused = 0
  let requests = 0
  const unless = <T>(work: () => Promise<T>): Promise<T> => {
    requests += 1
    if (requests >= from) since ??= performance.now()
    if (since === undefined || performance.now() - since >= 1000 * seconds) return work()
    refused += 1
    return Promise.reject(error())
  }
  const away: ObjectClient = {
    put: (key, bytes) => unless(() => client.put(key, bytes)),
    get: (key) => unless(() => client.get(key)),
    delete: (key) => unless(() => client.delete(key)),
  }
  return { client: away, store, refused: () => refused }
}

/** The result, with time as fast as it is waited for. */
async function inNoTime<T>(promise: Promise<T>): Promise<T> {
  const run = { isOver: false }
  const over = promise.finally(() => (run.isOver = true))
  over.catch(() => undefined)
  while (!run.isOver) await vi.advanceTimersByTimeAsync(500)
  return over
}

const schedule = multistage({ steps: N, snapshotsOnDisk: 4 })
const inMemory = () => decay({ schedule: multistage({ steps: N, snapshotsInRam: N }) })

test.each([5, 12, 20])(
  'a store that is away for a minute, from request %i on, is waited for: the same bits',
  async (from) => {
    for (const what of ['store', 'journal']) {
      const { client, store, refused } = awayFor(60, from)
      const given =
        what === 'store'
          ? { stores: { DISK: objectStore(client) } }
          : { journal: objectJournal(client, 'runs/one', { everySteps: 3 }) }
      const { bits } = await inNoTime(decay({ schedule, ...given }))
      expect(bits).toBe((await inNoTime(inMemory())).bits)
      expect(refused()).toBeGreaterThan(5)
      expect(refused()).toBeLessThan(200) // the pauses become longer
      expect([...store.objects.keys()]).toEqual([])
    }
  },
)

test('repetitions are told of, with growing pauses', async () => {
  const { client } = awayFor(10, 5)
  const retries: Retry[] = []
  const onRetry = (retry: Retry) => void retries.push(retry)
  await inNoTime(decay({ schedule, stores: { DISK: objectStore(client, { onRetry }) } }))
  const [first, second] = retries
  expect(first).toMatchObject({ attempts: 1, message: 'fetch failed' })
  expect(first!.request).toMatch(/^(putting|getting|deleting) checkpoints\//)
  expect(second).toMatchObject({ request: first!.request, attempts: 2 })
  for (const { attempts, pauseSeconds } of retries) {
    const most = Math.min(0.2 * 2 ** (attempts - 1), 10)
    expect(pauseSeconds).toBeGreaterThanOrEqual(most / 2)
    expect(pauseSeconds).toBeLessThanOrEqual(most)
  }
})

test('what is thrown when one is told of a repetition ends the run', async () => {
  const { client } = awayFor(1e6, 5)
  const onRetry = () => {
    throw new Error('no patience')
  }
  await expect(
    inNoTime(decay({ schedule, stores: { DISK: objectStore(client, { onRetry }) } })),
  ).rejects.toThrow('no patience')
})

test('one that is away for longer: an error that says so, and the journal goes on later', async () => {
  const { client, store } = awayFor(1e6, 60)
  const journal = (it: ObjectClient) => objectJournal(it, 'runs/one', { everySteps: 3, retrySeconds: 30 })
  const error = await inNoTime(decay({ schedule, journal: journal(client) }).catch((it: unknown) => it))
  expect(error).toMatchObject({ code: 'STORE_FAILED' })
  expect((error as Error).message).toMatch(/(\d+ times within \d+ s: fetch failed\. The store is away)/)
  const { bits, events } = await inNoTime(decay({ schedule, journal: journal(store.client()) }))
  expect(bits).toBe((await inNoTime(inMemory())).bits)
  expect(events.map(({ type }) => type)).toContain('resumed')
  expect([...store.objects.keys()]).toEqual([])
})

test('an aborted run makes its point and leaves things in order, though every other request fails', async () => {
  const store = new SimulatedStore()
  const client = store.client()
  const controller = new AbortController()
  let requests = 0
  const halfOf = <T>(work: () => Promise<T>): Promise<T> =>
    requests++ % 2 === 0 ? Promise.reject(new Error('reset')) : work()
  const flaky: ObjectClient = {
    put: (key, bytes) => halfOf(() => client.put(key, bytes)),
    get: (key) => halfOf(() => client.get(key)),
    delete: (key) => halfOf(() => client.delete(key)),
  }
  const options = { everySeconds: Infinity, everySteps: 1e9 }
  const reversing = (n: number) => n === 6 && controller.abort(new Error('enough'))
  const journal = objectJournal(flaky, 'runs/one', options)
  const aborted = decay({ schedule, journal, signal: controller.signal, reversing })
  await expect(inNoTime(aborted)).rejects.toThrow('enough')
  const { bits, events } = await inNoTime(decay({ schedule, journal }))
  expect(bits).toBe((await inNoTime(inMemory())).bits)
  expect(events.map(({ message }) => message).join()).toMatch(/resumes in the reverse/)
  expect([...store.objects.keys()]).toEqual([])
})

test('an aborted run does not wait for a store that is away', async () => {
  const { client } = awayFor(1e6, 60)
  const controller = new AbortController()
  const journal = objectJournal(client, 'runs/one', { everySteps: 3 })
  const run = decay({ schedule, journal, signal: controller.signal })
  run.catch(() => undefined)
  await vi.advanceTimersByTimeAsync(30_000) // it waits for the store
  const before = performance.now()
  controller.abort(new Error('enough'))
  await expect(inNoTime(run)).rejects.toThrow()
  expect(performance.now() - before).toBeLessThan(30_000) // of faked time
})

test('an attempt that is never answered is given up, and made again', async () => {
  let calls = 0
  const client: ObjectClient = {
    ...new SimulatedStore().client(),
    get: () =>
      ++calls < 3 ? new Promise<undefined>(() => undefined) : Promise.resolve(Uint8Array.of(calls)),
  }
  const found = await inNoTime(retrying(client, { requestSeconds: 7 }).get('x'))
  expect(found).toEqual(Uint8Array.of(3))
})

const answers: [string, number, string, boolean, RegExp][] = [
  ['no right', 403, 'AccessDenied', false, /s3:PutObject/],
  ['no bucket', 404, 'NoSuchBucket', false, /Create the bucket/],
  ['no such key pair', 403, 'InvalidAccessKeyId', false, /Correct the access key/],
  ['a wrong signature', 403, 'SignatureDoesNotMatch', false, /the region/],
  ['a wrong clock', 403, 'RequestTimeTooSkewed', false, /clock of this machine/],
  ['credentials that have expired', 400, 'ExpiredToken', false, /renew them/],
  ['another region', 301, 'PermanentRedirect', false, /region/],
  ['another fault of the caller', 418, 'Teapot', false, /Correct what the message names/],
  ['a full store', 507, '', true, /full/],
  ['too many requests', 429, 'SlowDown', true, /away or overloaded/],
  ['a timeout', 408, '', true, /away or overloaded/],
  ['a timeout as S3 says it', 400, 'RequestTimeout', true, /away or overloaded/],
  ['an inner fault', 500, 'InternalError', true, /away or overloaded/],
]

test.each(answers)('%s: status %i, code %s', async (_, status, code, isTriedAgain, advice) => {
  let requests = 0
  const client = fetchClient(async () => {
    requests += 1
    const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>as it says</Message></Error>`
    return new Response(code === '' ? null : body, { status })
  })
  const stores = { DISK: objectStore(client, { retrySeconds: 20 }) }
  const error: unknown = await inNoTime(decay({ schedule, stores, buffers: 0 }).catch((it: unknown) => it))
  expect(error).toMatchObject({ code: 'STORE_FAILED' })
  const { message } = error as Error
  expect(message).toMatch(advice)
  expect(message).toContain(code === '' ? String(status) : code)
  // One put, and the deletion of what it may have left, which is made again in the end.
  if (isTriedAgain) expect(requests).toBeGreaterThan(10)
  else expect(requests).toBeLessThan(5)
})

test('a run whose store stays away ends after the time it was given, not after twice as long', async () => {
  const { client } = awayFor(1e6, 1)
  const before = performance.now()
  const run = decay({ schedule, stores: { DISK: objectStore(client, { retrySeconds: 60 }) } })
  await expect(inNoTime(run)).rejects.toMatchObject({ code: 'STORE_FAILED' })
  expect(performance.now() - before).toBeLessThan(75_000) // of faked time
})

test('an address that is none is not tried again, and the reason of a failed fetch is said', async () => {
  const refusals = { ERR_INVALID_URL: /Invalid URL.*correct its endpoint/, ECONNREFUSED: /ECONNREFUSED/ }
  for (const [code, sentence] of Object.entries(refusals)) {
    let requests = 0
    const client = fetchClient(async () => {
      requests += 1
      throw code === 'ERR_INVALID_URL'
        ? Object.assign(new TypeError('Invalid URL'), { code })
        : new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code }) })
    })
    const stores = { DISK: objectStore(client, { retrySeconds: 20 }) }
    const error: unknown = await inNoTime(decay({ schedule, stores, buffers: 0 }).catch((it: unknown) => it))
    expect((error as Error).message).toMatch(sentence)
    expect(requests < 5).toBe(code === 'ERR_INVALID_URL')
  }
})

test('errors as the SDK of AWS and others make them', async () => {
  const errors = [
    Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }),
    Object.assign(new Error('no'), { code: 'AccessDenied', statusCode: 403 }),
  ]
  for (const given of errors) {
    let calls = 0
    const client: ObjectClient = {
      ...new SimulatedStore().client(),
      get: () => Promise.reject((calls++, given)),
    }
    await expect(inNoTime(retrying(client).get('x'))).rejects.toMatchObject({ code: 'AccessDenied' })
    expect(calls).toBe(1)
  }
})

test('a missing object is no error, a missing bucket is one', async () => {
  const body = (code: string) => new Response(`<Error><Code>${code}</Code></Error>`, { status: 404 })
  expect(await fetchClient(async () => body('NoSuchKey')).get('x')).toBeUndefined()
  await expect(fetchClient(async () => body('NoSuchBucket')).get('x')).rejects.toMatchObject({
    code: 'NoSuchBucket',
    status: 404,
  })
  await expect(fetchClient(async () => body('NoSuchBucket')).delete('x')).rejects.toThrow('NoSuchBucket')
  await fetchClient(async () => body('NoSuchKey')).delete('x')
})

test.each([
  ['client', () => objectStore({} as ObjectClient)],
  ['client', () => objectJournal(undefined as unknown as ObjectClient, 'runs/one')],
  ['prefix', () => objectStore(new SimulatedStore().client(), { prefix: '/a' })],
  ['prefix', () => objectStore(new SimulatedStore().client(), { prefix: 'a/../b' })],
  ['prefix', () => objectJournal(new SimulatedStore().client(), undefined as unknown as string)],
  ['partBytes', () => objectStore(new SimulatedStore().client(), { partBytes: 5 })],
  ['onRetry', () => retrying(new SimulatedStore().client(), { onRetry: 1 as never })],
  ['retrySeconds', () => retrying(new SimulatedStore().client(), { retrySeconds: -1 })],
  ['firstRetryMs', () => retrying(new SimulatedStore().client(), { firstRetryMs: Number.NaN })],
  ['requestSeconds', () => retrying(new SimulatedStore().client(), { requestSeconds: 0 })],
  ['everySteps', () => objectJournal(new SimulatedStore().client(), 'a', { everySteps: 0 })],
])('%s is checked before anything is done', (name, call) => {
  expect(call).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  expect(call).toThrow(name)
})
