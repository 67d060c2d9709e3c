import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readNpy } from '../src/files/npy.js'
import { newDirectory } from './support/cli.js'
import { doubles, npy, type NpyParts } from './support/npy.js'

const directory = newDirectory()
let files = 0

function file(content: Uint8Array): string {
  const path = join(directory, `${(files += 1)}.npy`)
  writeFileSync(path, content)
  return path
}

const read = (content: Uint8Array, dimensions = ['row', 'column']) => readNpy(file(content), dimensions)

describe('what is read', () => {
  it.each([1, 2, 3])('float64, version %i', async (version) => {
    const array = await read(npy(doubles(1, 2, 3, 4, 5, -0), { shape: '(2, 3)', version }))
    expect(array).toEqual({ data: Float64Array.of(1, 2, 3, 4, 5, -0), shape: [2, 3] })
  })

  it('float32, keys in any order, one dimension', async () => {
    const header = '{"shape": (3,), "fortran_order": False, "descr": "<f4"}'
    const array = await read(npy(new Uint8Array(Float32Array.of(1, 2, 3).buffer), { header }), ['time'])
    expect(array).toEqual({ data: Float32Array.of(1, 2, 3), shape: [3] })
  })
})

describe('what is refused', () => {
  const six = doubles(1, 2, 3, 4, 5, 6)
  const cases: [string, Uint8Array, RegExp][] = [
    ['no npy file', Buffer.from('velocity,depth\n1,2\n'), /does not begin with/],
    ['an empty file', Buffer.alloc(0), /does not begin with/],
    [
      'integers',
      npy(six, { descr: '<i8', shape: '(2, 3)' }),
      /expected little-endian float32 or float64.*got '<i8'/,
    ],
    ['big-endian', npy(six, { descr: '>f8', shape: '(2, 3)' }), /got '>f8'/],
    ['Fortran order', npy(six, { order: 'True', shape: '(2, 3)' }), /expected C order; got Fortran order/],
    [
      'the wrong number of dimensions',
      npy(six, { shape: '(6,)' }),
      /expected 2 dimensions \(row, column\); got shape \(6\)/,
    ],
    ['no values', npy(doubles(), { shape: '(0, 3)' }), /expected at least one value/],
    ['truncated', npy(six.subarray(0, 47), { shape: '(2, 3)' }), /is truncated.*takes 48 bytes; got 47/],
    ['trailing bytes', npy(six, { shape: '(1, 3)' }), /24 bytes too many.*takes 24; got 48/],
    ['a shape that lies', npy(six, { shape: '(2000000, 3000000)' }), /is truncated/],
    [
      'a shape beyond all numbers',
      npy(six, { shape: '(9007199254740991, 9007199254740991)' }),
      /fits into memory/,
    ],
    [
      'a header length beyond the file',
      npy(six, { shape: '(2, 3)', claims: 60_000 }),
      /header claims 60000 bytes/,
    ],
    [
      'a header length beyond the cap',
      npy(six, { shape: '(2, 3)', version: 2, claims: 0xffffffff }),
      /at most 65536/,
    ],
    ['version 9', npy(six, { shape: '(2, 3)', version: 9 }), /version 1, 2 or 3; got 9/],
    [
      'a type with fields',
      npy(six, { header: "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (6,)}" }),
      /header/,
    ],
    ['a missing key', npy(six, { header: "{'descr': '<f8', 'shape': (2, 3)}" }), /header/],
    [
      'a key twice',
      npy(six, { header: "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}" }),
      /header/,
    ],
    ['negative lengths', npy(six, { shape: '(-2, -3)' }), /header/],
  ]
  it.each(cases)('%s', async (_, content, sentence) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringMatching(sentence),
    })
  })

  it('names the file', async () => {
    const path = file(npy(six, { order: 'True', shape: '(2, 3)' } satisfies NpyParts))
    await expect(readNpy(path, ['row', 'column'])).rejects.toThrow(`${path}: `)
  })

  it('what is no file that can be read', async () => {
    await expect(readNpy(join(directory, 'none.npy'), [])).rejects.toThrow(/it does not exist/)
    const folder = join(directory, 'folder.npy')
    mkdirSync(folder)
    await expect(readNpy(folder, [])).rejects.toThrow(/not a regular file/)
  })

  it.skipIf(process.getuid?.() === 0)('a file without permission', async () => {
    const path = file(npy(six, { shape: '(2, 3)' }))
    chmodSync(path, 0)
    await expect(readNpy(path, ['row', 'column'])).rejects.toThrow(/permission denied/)
  })
})
