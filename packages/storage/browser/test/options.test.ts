/** What is refused before anything is opened, and where there is no browser. */
import { treeCodec } from '@checkpoint-schedules/model'
import { describe, expect, test } from 'vitest'
import {
  bestJournal,
  bestStore,
  indexedDbJournal,
  indexedDbStore,
  opfsJournal,
  opfsStore,
  readJournal,
  removeJournal,
} from '../src/index.js'

describe.each([
  ['opfsJournal', opfsJournal],
  ['indexedDbJournal', indexedDbJournal],
] as const)('%s', (call, journal) => {
  test.each([
    ['', /name must be 1 to 64 letters/],
    ['../run', /name must be .*got "\.\.\/run"/],
    ['a'.repeat(65), /name must be/],
    [undefined, /name must be/],
  ])('name %j', (name, message) => {
    expect(() => journal(name as string)).toThrow(message)
    expect(() => journal(name as string)).toThrow(`${call}:`)
  })

  test.each([
    [{ everySeconds: -1 }, /everySeconds must be a number >= 0; got -1/],
    [{ everySteps: 0 }, /everySteps must be a number >= 1; got 0/],
    [{ persist: 'yes' }, /persist must be true or false; got "yes"/],
    [{ note: 1n }, /note must be plain JSON/],
    [null, /options must be an object/],
  ])('options %o', (options, message) => {
    expect(() => journal('run', options as object)).toThrow(message)
  })
})

test('a worker that is none', async () => {
  const options = { worker: 'worker.js' } as object
  for (const call of [() => opfsStore(options), () => opfsJournal('run', options)])
    expect(call).toThrow(/worker must be a function that returns a Worker/)
  await expect(bestStore(options)).rejects.toThrow(/bestStore: worker must be a function/)
})

test('names of readJournal, removeJournal and bestJournal', async () => {
  for (const call of [readJournal, removeJournal, bestJournal])
    await expect(call('no name')).rejects.toMatchObject({ code: 'INVALID_OPTION' })
})

test('outside a browser: a sentence', async () => {
  const codecs = { restart: treeCodec, dependency: treeCodec }
  const settings = { storage: 'DISK', limit: 1, codecs }
  const sentence = /no secure context of a browser: .*pass memoryStore\(\)/
  await expect(opfsStore().open(settings)).rejects.toThrow(sentence)
  await expect(indexedDbStore().open(settings)).rejects.toThrow(sentence)
  await expect(bestStore()).rejects.toThrow(sentence)
  await expect(removeJournal('run')).rejects.toThrow(sentence)
  expect(await readJournal('run')).toBeUndefined()
})
