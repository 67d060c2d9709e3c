import { crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32 } from '../src/crc32.js'
import { faultOf, type Header, HEADER_BYTES, writeHeader } from '../src/header.js'

test('crc32 is that of zlib', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => crc32(bytes) === zlibCrc32(bytes)))
})

test('no bytes but the right ones pass for a header', () => {
  const expected: Header = { kind: 'restart', format: 1, step: 7, payloadBytes: 1000, headBytes: 48 }
  const right = new Uint8Array(HEADER_BYTES)
  writeHeader(right, expected)
  const view = new DataView(right.buffer)
  view.setUint32(56, 0xabcd, true)
  view.setUint32(60, crc32(right.subarray(0, 60)), true)
  expect(faultOf(right, expected, 0xabcd)).toBeUndefined()
  expect(faultOf(right, expected, 0xabce)).toContain('checksum')
  const anyBytes = fc.uint8Array({ maxLength: 2 * HEADER_BYTES })
  fc.assert(fc.property(anyBytes, (bytes) => faultOf(bytes, expected, 0) !== undefined))
  // Fields that are wrong beneath a right checksum.
  const field = fc.constantFrom(0, 4, 6, 7, 14, 22, 30)
  fc.assert(
    fc.property(field, fc.integer({ min: 1, max: 255 }), (at, change) => {
      const wrong = right.slice()
      wrong[at]! ^= change
      new DataView(wrong.buffer).setUint32(60, crc32(wrong.subarray(0, 60)), true)
      expect(faultOf(wrong, expected, 0xabcd)).toBeTypeOf('string')
    }),
  )
})
