/** The queue against a real Redis: workers that die, Redis that restarts or is full, parts that fail. The sum has the bits of a plain loop. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { type JobQueue, openQueue, type WorkerEvent } from '@checkpoint-schedules/jobs'
import type { ObjectClient } from '@checkpoint-schedules/model'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { root } from '../../scripts/workspace.mjs'
import { killWorkers, resultsOf, startWorker, type WorkerProcess } from '../kill/queue-kills.mjs'
import { partOf, serialSum, sumOf } from '../kill/queue-parts.mjs'
import { hasRedis, type RedisServer, startRedis } from '../support/redis.mjs'

const PARTS = 16
const fingerprint = 'parts 1'
const run = { parts: PARTS, fingerprint }

let server: RedisServer
let queue: JobQueue
let folder: string
/** Each test says which server it needs. */
async function open(settings: Record<string, string | number> = {}, store?: ObjectClient): Promise<void> {
  server = await startRedis(settings)
  queue = await openQueue({ redis: server.url, name: 'tests', store })
}
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await queue.close()
  await server.stop()
})

const expectSum = async (id: string) => expect(sumOf(await resultsOf(queue, id))).toEqual(serialSum(PARTS))

/** A worker in this process; what it computed, in order. */
function workHere(more: Partial<Parameters<JobQueue['work']>[0]> = {}) {
  const computed: number[] = []
  const events: WorkerEvent[] = []
  const controller = new AbortController()
  const ended = queue.work({
    fingerprint,
    lostAfterSeconds: 1,
    signal: controller.signal,
    ...more,
    compute: async (part, assignment) => {
      computed.push(part)
      await sleep(5)
      return more.compute?.(part, assignment) ?? partOf(part, assignment.control)
    },
    onEvent: (event) => void events.push(event),
  })
  return { computed, events, ended, stop: () => controller.abort() }
}

/** Two processes that are too slow to keep part 4: both compute it. */
const slowWorkers = (settings: Parameters<typeof startWorker>[3]) =>
  [0, 1].map(() =>
    startWorker(server.url, 'tests', fingerprint, {
      blocks: 4,
      blocksMs: 3000,
      untilEmpty: true,
      ...settings,
    }),
  )

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(5)
}

class MemoryStore implements ObjectClient {
  readonly objects = new Map<string, Uint8Array>()
  fails = 0
  async put(key: string, bytes: Uint8Array) {
    if (this.fails-- > 0) throw Object.assign(new Error('Service Unavailable'), { status: 503 })
    this.objects.set(key, bytes.slice())
  }
  get = async (key: string) => this.objects.get(key)?.slice()
  delete = async (key: string) => void this.objects.delete(key)
}

describe.skipIf(!hasRedis())('a queue', () => {
  it('gives the sum of a plain loop, and says how far it is', async () => {
    await open()
    const { id, ...submitted } = await queue.submit(run)
    expect(submitted).toEqual({ added: PARTS, again: 0, done: 0 })
    expect(await queue.status(id)).toMatchObject({
      done: 0,
      waiting: PARTS,
      active: 0,
      dead: [],
      lost: [],
      workers: 0,
    })
    expect(await queue.submit(run)).toEqual({ id, added: 0, again: 0, done: 0 })
    const { computed, ended } = workHere({ untilEmpty: true })
    await until(() => computed.length > 3)
    expect((await queue.status(id)).workers).toBe(1)
    expect(await queue.wait(id)).toMatchObject({ done: PARTS, fraction: 1 })
    await ended
    await expectSum(id)
    expect(computed.toSorted((a, b) => a - b)).toEqual([...Array(PARTS).keys()])
    expect(await queue.submit(run)).toEqual({ id, added: 0, again: 0, done: PARTS })
    await queue.remove(id)
    expect(await queue.runs()).toEqual([])
    const redis = new Redis(server.url)
    expect((await redis.keys('*')).filter((key) => key.includes(id))).toEqual([])
    redis.disconnect()
  })

  it('gives workers the control of each run, once for the run', async () => {
    await open()
    const controls = [Uint8Array.of(1, 2), Uint8Array.of(3)]
    const ids: string[] = []
    for (const control of controls) ids.push((await queue.submit({ ...run, control })).id)
    await workHere({ untilEmpty: true }).ended
    for (const [i, id] of ids.entries())
      expect(sumOf(await resultsOf(queue, id))).toEqual(serialSum(PARTS, controls[i]))
  })

  it.each(Array.from({ length: Number(process.env['CASES'] ?? 1) }, (_, seed) => seed + 1))(
    'whose workers are killed at random events gives the same bits (seed %d; pnpm kills:queue kills 100)',
    async (seed) => {
      await open()
      const { isSame, killed, status } = await killWorkers({
        parts: PARTS,
        kills: Number(process.env['KILLS'] ?? 5),
        seed,
      })
      expect({ isSame, dead: status.dead, lost: status.lost }).toEqual({ isSame: true, dead: [], lost: [] })
      expect(killed).toBeGreaterThan(2)
    },
  )

  it('does a part that lost its worker three times, and is not stopped by one that kills all of them', async () => {
    await open()
    const { id } = await queue.submit(run)
    let isOver = false
    const workers = new Set<WorkerProcess>()
    const add = () => {
      const worker = startWorker(server.url, 'tests', fingerprint, {
        mostLosses: 3,
        folder,
        deaths: { 2: 3, 9: 100 },
        onEnd() {
          workers.delete(worker)
          if (!isOver) add()
        },
      })
      workers.add(worker)
    }
    add()
    add()
    const { done, dead } = await queue.wait(id)
    isOver = true
    for (const { child } of workers) child.kill('SIGKILL')
    expect(done).toBe(PARTS - 1)
    expect(dead).toEqual([{ part: 9, message: expect.stringMatching(/^its workers died, .* too often/) }])
    expect([2, 9].map((part) => statSync(join(folder, `deaths-${part}`)).size)).toEqual([3, 4])
    expect(await queue.submit(run)).toMatchObject({ added: 1, again: 1, done: PARTS - 1 })
    await workHere({ untilEmpty: true }).ended
    await expectSum(id)
  })

  it('lets two workers finish the same part: one was too slow to keep it', async () => {
    await open()
    const { id } = await queue.submit(run)
    const finished: number[] = []
    const workers = slowWorkers({
      onEvent: ({ type, part }) => type === 'computed' && part === 4 && finished.push(part),
    })
    await queue.wait(id)
    expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0])
    expect(finished.length).toBeGreaterThan(1)
    await expectSum(id)
  })

  it('keeps neither result of a part that was computed twice with different ones, and says why', async () => {
    await open()
    const { id } = await queue.submit(run)
    const failures: string[] = []
    const workers = slowWorkers({
      differs: true,
      onEvent: (event) => event.type === 'failed' && failures.push((event as { message?: string }).message!),
    })
    await Promise.all(workers.map(({ ended }) => ended))
    expect(failures.length).toBeGreaterThan(0)
    for (const message of failures)
      expect(message).toMatch(/^part 4 was computed twice, with different results/)
    const { done, dead, lost } = await queue.status(id)
    expect(done).toBe(PARTS - 1)
    expect([...dead.map(({ part }) => part), ...lost]).toEqual([4])
  })

  it('keeps what is done when Redis is killed and keeps it', async () => {
    await open({ appendonly: 'yes', appendfsync: 'always' })
    const { id } = await queue.submit(run)
    const { computed, events, ended } = workHere({ untilEmpty: true })
    await until(() => events.length >= 5)
    await server.kill()
    await until(() => events.some(({ type }) => type === 'waiting'))
    await expect(queue.status(id)).rejects.toThrow(
      /^Redis at 127\.0\.0\.1:\d+ does not answer.*; start it, or check its address/,
    )
    await server.start()
    await queue.wait(id)
    await ended
    await expectSum(id)
    expect(computed.length).toBeLessThanOrEqual(PARTS + 1)
  })

  it('says what to do when Redis was killed and forgot everything', async () => {
    await open()
    const { id } = await queue.submit(run)
    const first = workHere()
    await until(() => first.events.length >= 5)
    await server.kill()
    await server.start()
    await expect(queue.wait(id)).rejects.toThrow(
      /has no run .* restarted without persistence\. Submit it again\.$/,
    )
    expect((await queue.submit(run)).id).toBe(id)
    await queue.wait(id)
    first.stop()
    await first.ended
    await expectSum(id)
  })

  it('finds results in a store that Redis forgot, and waits for a store that is away', async () => {
    const store = new MemoryStore()
    store.fails = 2
    await open({}, store)
    const { id } = await queue.submit({ ...run, control: Uint8Array.of(7) })
    store.fails = 2
    const first = workHere({ untilEmpty: true })
    await first.ended
    expect(first.events.filter(({ type }) => type === 'waiting')).toEqual([
      {
        type: 'waiting',
        message: expect.stringMatching(/^the store of results: put .* failed: Service Unavailable$/),
      },
    ])
    await server.kill()
    await server.start()
    await queue.submit({ ...run, control: Uint8Array.of(7) })
    const { computed, events, ended } = workHere({ untilEmpty: true })
    await ended
    expect(computed).toEqual([])
    expect(events).toHaveLength(PARTS)
    expect(sumOf(await resultsOf(queue, id))).toEqual(serialSum(PARTS, Uint8Array.of(7)))
    expect([...store.objects.keys()].every((key) => /^[\w.-]+(\/[\w.-]+)+$/.test(key))).toBe(true)
    const without = await openQueue({ redis: server.url, name: 'tests' })
    await expect(without.submit({ ...run, control: Uint8Array.of(7) })).rejects.toThrow(
      /go to a store already/,
    )
    await without.close()
    await queue.remove(id)
    expect(store.objects.size).toBe(0)
  })

  it('waits while Redis is full, and loses nothing', async () => {
    await open()
    const redis = new Redis(server.url)
    const { id } = await queue.submit(run)
    const { computed, events, ended } = workHere({ untilEmpty: true })
    await until(() => events.length >= 5)
    await redis.config('SET', 'maxmemory', '100kb') // less than it uses
    await until(() => events.some(({ type }) => type === 'waiting'))
    const { message } = events.find((event) => event.type === 'waiting')!
    expect(message).toMatch(
      /^Redis at 127\.0\.0\.1:\d+ is full; give it more memory \(CONFIG SET maxmemory\)/,
    )
    await expect(queue.submit({ ...run, fingerprint: 'another' })).rejects.toThrow(/ is full; /)
    await redis.config('SET', 'maxmemory', 0)
    redis.disconnect()
    await queue.wait(id)
    await ended
    await expectSum(id)
    expect(computed.length).toBeLessThanOrEqual(PARTS + 1)
  })

  it('leaves a run of another version to its workers, and says so', async () => {
    await open()
    const { id } = await queue.submit(run)
    const { events, computed, stop, ended } = workHere({ fingerprint: 'parts 2' })
    await until(() => events.length > 0)
    expect(events).toEqual([{ type: 'foreign', run: expect.objectContaining({ id, fingerprint }) }])
    expect(await queue.status(id)).toMatchObject({ waiting: PARTS, workers: 0 })
    stop()
    await ended
    expect(computed).toEqual([])
  })

  it('returns the part of a worker that is stopped', async () => {
    await open()
    const { id } = await queue.submit(run)
    const { computed, stop, ended } = workHere({
      compute: async (_, { signal }) => sleep(60_000, undefined, { signal }),
    })
    await until(() => computed.length > 0)
    stop()
    await ended
    expect(await queue.status(id)).toMatchObject({ waiting: PARTS, active: 0, dead: [] })
  })

  it('tries again what may pass, and nothing else; what fails is shown, and submitted again', async () => {
    await open()
    const { id } = await queue.submit(run)
    const tries = new Map<number, number>()
    const compute = async (part: number) => {
      tries.set(part, (tries.get(part) ?? 0) + 1)
      if (part === 3)
        throw new CheckpointScheduleError('MODEL_FAILED', 'step 7 of the model failed: NaN.\nMore of it.')
      if (part === 5 && tries.get(5)! < 3) throw new Error('ENOSPC')
      return part === 8 ? { f: () => 0 } : partOf(part)
    }
    const { events, ended } = workHere({ untilEmpty: true, compute })
    await ended
    const { done, dead } = await queue.status(id)
    expect(done).toBe(PARTS - 2)
    expect(dead).toEqual([
      { part: 3, message: 'step 7 of the model failed: NaN.' },
      { part: 8, message: expect.stringMatching(/function/) },
    ])
    expect([tries.get(3), tries.get(5), tries.get(8)]).toEqual([1, 3, 1])
    expect(
      events.filter((event) => event.type === 'failed').map(({ part, isFinal }) => [part, isFinal]),
    ).toEqual(
      expect.arrayContaining([
        [3, true],
        [5, false],
        [5, false],
        [8, true],
      ]),
    )
    expect(await queue.submit(run)).toMatchObject({ added: 2, again: 2 })
    await workHere({ untilEmpty: true }).ended
    await expectSum(id)
  })

  it('never gives out a damaged result, and computes it again', async () => {
    await open()
    const { id } = await queue.submit(run)
    await workHere({ untilEmpty: true }).ended
    const redis = new Redis(server.url)
    const key = `checkpoint-schedules:tests:results:${id}`
    const bytes = (await redis.hgetBuffer(key, '3'))!
    bytes[200]! ^= 1
    await redis.hset(key, '3', bytes)
    await redis.hset(key, '4', (await redis.hgetBuffer(key, '5'))!)
    await redis.hset(key, 'x', 'nothing')
    redis.disconnect()
    const found = []
    for await (const it of queue.collect(id)) if (it.state !== 'done') found.push(it)
    expect(found).toEqual([
      {
        part: 3,
        state: 'damaged',
        message: expect.stringMatching(/^part 3 of run .* is damaged: its checksum/),
      },
      { part: 4, state: 'damaged', message: expect.stringMatching(/belongs to another run or part\.$/) },
    ])
    expect(await queue.submit(run)).toMatchObject({ added: 2, done: PARTS - 2 })
    await workHere({ untilEmpty: true }).ended
    await expectSum(id)
  })

  it('takes nothing for a part but its number', async () => {
    await open()
    const redis = new Redis(server.url)
    const { id } = await queue.submit({ ...run, fingerprint: 'none works on it' })
    for (const field of ['', '-1', '1e0', '02', ' 3'])
      await redis.hset(`checkpoint-schedules:tests:results:${id}`, field, '')
    redis.disconnect()
    expect(await queue.status(id)).toMatchObject({ done: 0, waiting: PARTS })
  })

  it('computes again what a store has no longer', async () => {
    const store = new MemoryStore()
    await open({}, store)
    const { id } = await queue.submit(run)
    await workHere({ untilEmpty: true }).ended
    const key = [...store.objects.keys()].find((name) => name.endsWith('part-3'))
    store.objects.delete(key!)
    expect(await resultsOf(queue, id)).toHaveLength(PARTS - 1)
    expect(await queue.status(id)).toMatchObject({ done: PARTS - 1, lost: [3] })
    expect(await queue.submit(run)).toMatchObject({ added: 1 })
    await workHere({ untilEmpty: true }).ended
    await expectSum(id)
  })

  it('keeps nothing of a run that is removed while a worker writes', async () => {
    let id = ''
    const store = new MemoryStore()
    await open({}, store)
    const put = store.put.bind(store)
    let isRemoved = false
    store.put = async (key, bytes) => {
      if (!isRemoved) await queue.remove(id)
      isRemoved = true
      await put(key, bytes)
    }
    id = (await queue.submit(run)).id
    await workHere({ untilEmpty: true }).ended
    expect(isRemoved).toBe(true)
    expect(store.objects.size).toBe(0)
    const redis = new Redis(server.url)
    expect((await redis.keys('*')).filter((key) => key.includes(id))).toEqual([])
    redis.disconnect()
  })

  it('refuses what is no name, and times that timers cannot wait', async () => {
    await open()
    await expect(openQueue({ redis: server.url } as never)).rejects.toThrow(
      /^jobs: the name of a queue must be/,
    )
    for (const lostAfterSeconds of [0, NaN, Infinity, 3e6])
      await expect(workHere({ lostAfterSeconds }).ended).rejects.toThrow(
        /lostAfterSeconds must be a number from 1 to/,
      )
  })

  it('refuses results that are too large for Redis', async () => {
    await open()
    const { id } = await queue.submit({ ...run, mostBytesInRedis: 1000 })
    await workHere({ untilEmpty: true }).ended
    const { dead } = await queue.status(id)
    expect(dead).toHaveLength(PARTS)
    expect(dead[0]!.message).toMatch(/has \d+ bytes, and at most 1000 go to Redis, .* object store/)
    await expect(
      queue.submit({ ...run, control: new Uint8Array(2000), mostBytesInRedis: 1000 }),
    ).rejects.toThrow(/^the control has \d+ bytes/)
  })

  it('does what its README shows', async () => {
    await open()
    const readme = readFileSync(join(root, 'packages/runtime/jobs/README.md'), 'utf8')
    const [, code] = /^```ts\n([\s\S]*?)^```$/m.exec(readme)!
    const file = join(folder, 'readme.ts')
    const entry = import.meta.resolve('@checkpoint-schedules/jobs')
    writeFileSync(
      file,
      code!
        .replace("'@checkpoint-schedules/jobs'", `'${entry}'`)
        .replace('redis://127.0.0.1:6379', server.url),
    )
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    await import(file)
    expect(log.mock.calls).toEqual([[120]])
    log.mockRestore()
  })

  it('lets a hundred wait without a warning', async () => {
    await open()
    const warnings: Error[] = []
    const hear = (warning: Error) => void warnings.push(warning)
    process.on('warning', hear)
    const { id } = await queue.submit({ ...run, parts: 100 })
    const waits = Array.from({ length: 100 }, () => queue.wait(id))
    await Promise.all([...waits, workHere({ untilEmpty: true }).ended])
    process.off('warning', hear)
    expect(warnings).toEqual([])
  })

  it('refuses a Redis that drops data, and one that refuses us; a password is never shown', async () => {
    await open({ 'maxmemory-policy': 'allkeys-lru' }).catch((error: Error) => {
      expect(error.message).toMatch(
        /^jobs: Redis at .* has maxmemory-policy allkeys-lru, .* set it to noeviction\.$/,
      )
    })
    await server.stop()
    await open({ requirepass: 'right' }).catch((error: Error) => {
      expect(error.message).toMatch(
        /^Redis at .* refuses the user or the password \(NOAUTH\); put them into its address/,
      )
    })
    const at = (user: string, port = server.port) =>
      openQueue({ redis: `redis://${user}127.0.0.1:${port}`, name: 'tests' })
    const wrong = await at(':s3cret@').catch((error: Error) => error)
    expect((wrong as Error).message).toMatch(/ refuses the user or the password \(WRONGPASS\)/)
    const away = await at(':s3cret@', 1).catch((error: Error) => error)
    expect((away as Error).message).toMatch(/^Redis at 127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)/)
    expect(inspect([wrong, away], { depth: null })).not.toContain('s3cret')
    await expect(at(':s3cret%zz@')).rejects.toThrow(/^jobs: the address of Redis must be .*%25 for a %/)
    queue = await at(':right@')
    expect(await queue.runs()).toEqual([])
  })
})
