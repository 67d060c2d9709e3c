import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { treeCodec, type Tree } from '../src/index.js'

const typedArray = fc.oneof(
  fc.float64Array(),
  fc.float32Array(),
  fc.int8Array(),
  fc.uint8ClampedArray(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.bigInt64Array(),
)
const key = fc.string().filter((name) => name !== '__proto__')
const tree = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    typedArray as fc.Arbitrary<Tree>,
    fc.array(tie('tree'), { maxLength: 5 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
  ),
})).tree

test('a clone is equal to the last bit, and independent', () => {
  fc.assert(
    fc.property(tree, (value) => {
      expect(treeCodec.clone(value)).toStrictEqual(value)
    }),
  )
  const value = { u: Float64Array.of(1, -0, Number.NaN), list: [{ n: -0 }] }
  const copy = treeCodec.clone(value) as typeof value
  value.u[0] = 7
  value.list[0]!.n = 3
  expect([copy.u[0], Object.is(copy.list[0]!.n, -0)]).toEqual([1, true])
})

test('bytes hold everything', async () => {
  await fc.assert(
    fc.asyncProperty(tree, async (value) => {
      const bytes = await treeCodec.encode(value)
      const back = await treeCodec.decode(bytes)
      expect(back).toEqual(value)
      expect(await treeCodec.encode(back)).toEqual(bytes)
    }),
  )
  expect(Object.is(await treeCodec.decode(await treeCodec.encode(-0)), -0)).toBe(true)
})

test('bytes may come in a Buffer, at any offset', async () => {
  const value = { u: Float64Array.of(1, 2, 3), n: 4 }
  const encoded = await treeCodec.encode(value)
  const pooled = Buffer.concat([Buffer.from([7]), encoded]).subarray(1)
  const back = (await treeCodec.decode(pooled)) as typeof value
  pooled.fill(0)
  expect(back).toEqual(value)
})

test('a view copies only its part', async () => {
  const whole = Float64Array.from({ length: 1000 }, (_, i) => i)
  const part = whole.subarray(10, 13)
  expect((treeCodec.clone(part) as Float64Array).buffer.byteLength).toBe(24)
  expect(treeCodec.byteLength(part)).toBe(24)
  expect((await treeCodec.encode(part)).length).toBeLessThan(100)
  expect(await treeCodec.decode(await treeCodec.encode(part))).toEqual(Float64Array.of(10, 11, 12))
})

test('sizes', () => {
  expect(treeCodec.byteLength({ u: new Float32Array(10), n: 3, name: 'ab', on: true, none: null })).toBe(
    40 + 8 + 4 + 1 + 1,
  )
})

describe('what it cannot hold is refused by name', () => {
  class Grid {
    readonly size = 3
  }
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  test.each([
    [{ a: [1, new Map()] }, 'value.a[1] is a Map'],
    [{ a: undefined }, 'value.a is undefined'],
    [undefined, 'value is undefined'],
    [() => 1, 'value is a function'],
    [{ a: 3n }, 'value.a is a bigint'],
    [{ grid: new Grid() }, 'value.grid is a Grid'],
    [new Date(), 'value is a Date'],
    [new DataView(new ArrayBuffer(8)), 'value is a DataView'],
    [new ArrayBuffer(8), 'value is a ArrayBuffer'],
    [new Float64Array(new SharedArrayBuffer(16)), 'value is a view of a SharedArrayBuffer'],
    [cycle, 'levels deep (a cycle?)'],
    [JSON.parse('{"a":{"__proto__":1}}'), 'value.a.__proto__ is a key that is not allowed'],
    [{ [Symbol('x')]: 1 }, 'symbol keys'],
    [Promise.resolve(1), 'value is a Promise'],
  ])('%#: %o', (value, message) => {
    for (const use of [treeCodec.clone, treeCodec.byteLength, treeCodec.encode]) {
      expect(() => use(value)).toThrow(
        expect.objectContaining({ code: 'INVALID_VALUE', message: expect.stringContaining(message) }),
      )
    }
  })
})

describe('bytes from elsewhere are data', () => {
  const encoded = treeCodec.encode({ u: Float64Array.of(1, 2, 3), name: 'x', n: 4 }) as Uint8Array
  const refused = expect.objectContaining({ code: 'INVALID_FILE' })

  test('every truncation is refused', () => {
    for (let length = 0; length < encoded.length; length++) {
      expect(() => treeCodec.decode(encoded.slice(0, length))).toThrow(refused)
    }
    expect(() => treeCodec.decode(Uint8Array.of(...encoded, 0))).toThrow(/left over/)
  })

  test('damage is refused or gives a tree, never anything else', () => {
    fc.assert(
      fc.property(fc.nat({ max: encoded.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        try {
          treeCodec.decode(encoded.with(at, byte))
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_FILE' })
        }
      }),
      { numRuns: 2000 },
    )
  })

  const withSkeleton = (skeleton: string, payload = 0) => {
    const text = new TextEncoder().encode(skeleton)
    const bytes = new Uint8Array(Math.ceil((8 + text.length) / 8) * 8 + payload)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, 0x31545343, true)
    view.setUint32(4, text.length, true)
    bytes.set(text, 8)
    return bytes
  }
  test.each([
    '["Float64Array",1e15]',
    '["Float64Array",-1]',
    '["Float64Array",0.5]',
    '["Map",1]',
    '["constructor",1]',
    '["{",["__proto__",null]]',
    '["{",["a",null],["a",null]]',
    '["{",["a"]]',
    '["s",1]',
    '7',
    '"x"',
    '{"a":1}',
    `${'["[",'.repeat(200)}0${']'.repeat(200)}`,
    'nonsense',
  ])('a skeleton that lies: %s', (skeleton) => {
    expect(() => treeCodec.decode(withSkeleton(skeleton))).toThrow(refused)
  })
})

describe('what comes back from bytes is what a copy is', () => {
  const deep = (levels: number) => {
    let value: Tree = 1
    for (let i = 0; i < levels; i++) value = [value]
    return value
  }
  test.each<[string, Tree]>([
    ['an object', { a: 1, b: { c: 'x' } }],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }) as Tree],
    ['a Buffer', Buffer.from([1, 2, 3])],
    ['a list of numbers', [1, -0, Number.NaN]],
    ['the deepest tree', deep(101)],
  ])('%s', async (_, value) => {
    const copy = await treeCodec.clone(value)
    const back = await treeCodec.decode(await treeCodec.encode(value))
    expect(back).toStrictEqual(copy)
    const prototypes = [value, copy, back].map((it) => Object.getPrototypeOf(it) as unknown)
    expect(new Set(prototypes).size).toBe(1)
  })

  test('one level more is refused by all', () => {
    for (const use of [treeCodec.clone, treeCodec.byteLength, treeCodec.encode])
      expect(() => use(deep(102))).toThrow(/more than 100 levels/)
  })
})

const thenable = () => ({ [['th', 'en'].join('')]: () => 1 })

describe('what a copy would change is refused by name', () => {
  class Field extends Float64Array {}
  class List extends Array<number> {}
  const z = new Float64Array(4)
  const detached = new Float64Array(4)
  structuredClone(detached, { transfer: [detached.buffer] })
  test.each<[unknown, string]>([
    [{ u: new Field(3) }, 'value.u is a Field, a subclass of a typed array'],
    [List.of(1, 2), 'value is a List, a subclass of Array'],
    [{ a: detached }, 'value.a is an array that has lost its memory'],
    [
      {
        get x() {
          return 1
        },
      },
      'value.x is a getter',
    ],
    [Object.defineProperty({}, 'hidden', { value: 1 }), 'value.hidden is a property that is not enumerable'],
    // eslint-disable-next-line no-sparse-arrays
    [[1, , 3], 'value[1] is undefined'],
    [thenable(), 'value.then is a function'],
  ])('%#: %o', (value, message) => {
    const uses =
      message.includes('getter') || message.includes('enumerable') ? ['encode'] : ['clone', 'encode']
    for (const use of uses as ('clone' | 'encode')[])
      expect(() => treeCodec[use](value)).toThrow(
        expect.objectContaining({ code: 'INVALID_VALUE', message: expect.stringContaining(message) }),
      )
  })

  test('parts of one buffer that do not overlap are no trouble', () => {
    expect(treeCodec.clone([z.subarray(0, 2), z.subarray(2)])).toEqual([z.subarray(0, 2), z.subarray(2)])
  })
})
