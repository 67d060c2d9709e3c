import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fastChecksum as checksum } from '../src/checksum.js'

const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 })

test('any changed word changes it, wherever it is, and so does another order of pieces', () => {
  fc.assert(
    fc.property(
      bytes,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      fc.nat(),
      (data, where, change, before) => {
        const changed = data.slice()
        changed[where % data.length]! ^= change
        expect(checksum(changed, before)).not.toBe(checksum(data, before))
      },
    ),
  )
  const [a, b] = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 6, 7, 8)]
  expect(checksum(b, checksum(a))).not.toBe(checksum(a, checksum(b)))
})

test('two signs that change cannot hide each other, nor can zeros at the end', () => {
  const numbers = Float64Array.from({ length: 64 }, (_, i) => Math.cos(i))
  const sumOf = (array: Float64Array) => checksum(new Uint8Array(array.buffer))
  const seen = new Set([sumOf(numbers)])
  for (let i = 0; i < 64; i++)
    for (let j = 0; j < i; j++) seen.add(sumOf(numbers.map((x, k) => (k === i || k === j ? -x : x))))
  expect(seen.size).toBe(1 + (64 * 63) / 2)
  expect(new Set([0, 1, 4, 8, 31, 32, 64].map((length) => checksum(new Uint8Array(length)))).size).toBe(7)
})

test('it is the same wherever the bytes are in memory', () => {
  fc.assert(
    fc.property(bytes, fc.integer({ min: 0, max: 7 }), (data, offset) => {
      const elsewhere = new Uint8Array(data.length + offset)
      elsewhere.set(data, offset)
      return checksum(elsewhere.subarray(offset)) === checksum(data)
    }),
  )
})
