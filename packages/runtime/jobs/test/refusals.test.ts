/** What is refused without a server; `tests/test/queue.test.ts` has the rest. */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { openQueue } from '@checkpoint-schedules/jobs'
import { knownRun, parseRecord, recordOf } from '../src/run-record.js'
import { opened, sealed } from '../src/sealed.js'

const label = { run: '0123456789abcdef'.repeat(2), part: 7 }

describe('a sealed result', () => {
  const body = fc.uint8Array({ maxLength: 200 })

  test('opens to what was sealed', () => {
    fc.assert(
      fc.property(body, (bytes) => {
        expect(opened(label, sealed(label, bytes))).toEqual(bytes)
      }),
    )
  })

  test('is refused with any bit changed, cut anywhere, or as another part', () => {
    fc.assert(
      fc.property(body, fc.nat(), fc.integer({ min: 0, max: 7 }), (bytes, at, bit) => {
        const whole = sealed(label, bytes)
        const changed = whole.slice()
        changed[at % whole.length]! ^= 1 << bit
        const refused = /^part 7 of run [0-9a-f]+ is damaged: .*\.$/
        expect(() => opened(label, changed)).toThrow(refused)
        expect(() => opened(label, whole.subarray(0, at % whole.length))).toThrow(refused)
        expect(() => opened({ ...label, part: 8 }, whole)).toThrow(/belongs to another run or part/)
      }),
    )
  })
})

describe('the record of a run', () => {
  const run = knownRun({ parts: 3, fingerprint: 'f', control: Uint8Array.of(1) }, 'redis')

  test('is read as it was written', () => {
    expect(parseRecord(run.id, recordOf(run))).toEqual(run)
  })

  test('of equal runs has an equal id, of others another', () => {
    const idOf = (more: object) => knownRun({ parts: 3, fingerprint: 'f', ...more }, 'store').id
    const ids = [{ control: Uint8Array.of(1) }, {}, { parts: 4 }, { fingerprint: 'g' }].map(idOf)
    expect(ids[0]).toBe(run.id)
    expect(new Set(ids).size).toBe(4)
  })

  test.each(['', '{', 'null', '[]', recordOf({ ...run, parts: 4 }), recordOf({ ...run, fingerprint: 'g' })])(
    'is refused: %s',
    (text) => expect(() => parseRecord(run.id, text)).toThrow(/is damaged, or of another version/),
  )

  test('refuses texts of any kind without failing otherwise', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => parseRecord(run.id, text)).toThrow(/is damaged, or of another version/)
      }),
    )
  })
})

it.each([
  [{ redis: 'redis://:s3cret@', name: 'q' }, /^jobs: the address of Redis must be redis:\/\/HOST:PORT/],
  [{ redis: 's3cret', name: 'q' }, /it is not shown here, as it may contain a password/],
  [{ redis: 'https://user:s3cret@host', name: 'q' }, /^jobs: the address of Redis must be/],
  [
    { redis: 'redis://127.0.0.1', name: 'a b' },
    /^jobs: the name of a queue must be 1 to 60 letters.*; got "a b"\.$/,
  ],
  [{ redis: 'redis://127.0.0.1', name: '../x' }, /; got "\.\.\/x"\.$/],
])('openQueue refuses %j', async (options, sentence) => {
  const error = await openQueue(options).catch((thrown: Error) => thrown)
  expect((error as Error).message).toMatch(sentence)
  expect((error as Error).message).not.toContain('s3cret')
})

it.each([
  [{ parts: 0 }, /^submit: parts must be an integer from 1 to 10000000; got 0\.$/],
  [{ parts: 1.5 }, /got 1\.5\.$/],
  [{ fingerprint: 'x'.repeat(70_000) }, /fingerprint must be a text of at most 65536 characters/],
  [{ mostBytesInRedis: 0 }, /mostBytesInRedis must be an integer from 1 to \d+; got 0\.$/],
])('a run with %j is refused', (more, sentence) => {
  expect(() => knownRun({ parts: 1, fingerprint: 'f', ...more }, 'redis')).toThrow(sentence)
})
