/** Ctrl-C while a store or a journal opens. */
import { setImmediate } from 'node:timers/promises'
import { type Journal, memoryStore, type OpenJournal, type Store } from '@checkpoint-schedules/driver'
import { describe, expect, it } from 'vitest'
import { heedingJournal, heedingStore } from '../src/run/heeding.js'

const codec = {
  clone: (it: unknown) => it,
  byteLength: () => 8,
  encode: () => new Uint8Array(),
  decode: () => 0,
}
const settings = {
  storage: 'DISK',
  limit: 1,
  codecs: { restart: codec, dependency: codec },
  signal: undefined,
}

describe('a store', () => {
  it('that never opens is given up, with the reason of the abort', async () => {
    const controller = new AbortController()
    const never: Store = { medium: 'a dead disk', open: () => new Promise(() => undefined) }
    const opening = heedingStore(never, controller.signal).open(settings)
    const reason = new Error('Ctrl-C')
    controller.abort(reason)
    await expect(opening).rejects.toBe(reason)
  })

  it('that opens too late is closed', async () => {
    const controller = new AbortController()
    const opened = await memoryStore().open(settings)
    const closed = new Promise<void>((resolve) => {
      const late: Store = {
        medium: 'a slow disk',
        async open() {
          controller.abort(new Error('Ctrl-C'))
          await setImmediate()
          return { ...opened, close: () => Promise.resolve(resolve()) }
        },
      }
      const opening = heedingStore(late, controller.signal).open(settings)
      Promise.resolve(opening).catch(() => undefined)
    })
    await closed
  })

  it('is opened, or fails, as ever where nothing is aborted', async () => {
    const { signal } = new AbortController()
    const store = heedingStore(memoryStore(), signal)
    expect(store).toMatchObject({ medium: 'memory', inMemory: true })
    expect([...(await store.open(settings)).keys()]).toEqual([])
    const failure = new Error('no space')
    const failing = heedingStore({ medium: 'x', open: () => Promise.reject(failure) }, signal)
    await expect(failing.open(settings)).rejects.toBe(failure)
  })
})

it('a journal that opens too late is closed so that it can be resumed', async () => {
  const controller = new AbortController()
  const outcome = await new Promise((resolve) => {
    const journal: Journal = {
      async open() {
        controller.abort(new Error('Ctrl-C'))
        await setImmediate()
        return { close: resolve } as unknown as OpenJournal
      },
    }
    Promise.resolve(heedingJournal(journal, controller.signal).open({} as never)).catch(() => undefined)
  })
  expect(outcome).toBe('unfinished')
})
