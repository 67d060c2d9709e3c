import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  array,
  boolean,
  checkOptions,
  choice,
  type CheckpointStorage,
  costs,
  integer,
  isCheckpointScheduleError,
  list,
  nearestName,
  number,
  type OptionInput,
  type OptionValues,
  type PerStep,
  type PerStepInput,
  perStep,
  record,
  storageName,
  toKebabCase,
} from '../src/index.js'

const descriptors = {
  steps: integer({ min: 1, help: 'time steps of the forward' }),
  slots: integer({ min: 0, max: 9, default: 3, help: 'slots' }),
  factor: number({ min: 0, aboveMin: true, optional: true, help: 'a factor' }),
  fast: boolean({ default: false, help: 'be fast' }),
  trajectory: choice({ choices: ['maximum', 'revolve'], default: 'maximum', help: 'which' }),
  where: storageName({ default: 'DISK', help: 'where' }),
  costs: costs({ storages: ['DISK'], help: 'what it costs' }),
  levels: list({
    min: 1,
    optional: true,
    help: 'levels',
    item: { slots: integer({ min: 1, help: 'slots' }) },
  }),
  field: array({ optional: true, dimensions: ['rows', 'columns'], help: 'a field' }),
}
const check = (options: unknown) => checkOptions('demo', descriptors, options)

test('defaults are filled in and the result is frozen', () => {
  const options = check({ steps: 5 })
  expect(options).toEqual({
    steps: 5,
    slots: 3,
    fast: false,
    trajectory: 'maximum',
    where: 'DISK',
    costs: { forwardStep: 1, adjointStep: 1, write: { DISK: 2 }, read: { DISK: 2 } },
  })
  expect(Object.isFrozen(options)).toBe(true)
})

test('parts of costs keep their defaults', () => {
  expect(check({ steps: 1, costs: { forwardStep: 0.5, write: { DISK: 0 } } }).costs).toEqual({
    forwardStep: 0.5,
    adjointStep: 1,
    write: { DISK: 0 },
    read: { DISK: 2 },
  })
})

const field = { data: new Float64Array(6), shape: [2, 3] }

test('what fits is accepted', () => {
  expect(
    check({ steps: 2 ** 53 - 1, factor: 0.1, where: 'GPU', levels: [{ slots: 2 }], field }),
  ).toMatchObject({ where: 'GPU', field })
  expect(Object.is(check({ steps: 1, slots: -0 }).slots, 0)).toBe(true)
})

describe('each refusal names the option, the rule and what was received', () => {
  test.each([
    [{}, /^demo: steps is missing; pass an integer >= 1, .*time steps of the forward/],
    [undefined, /steps is missing/],
    [null, /options must be an object \{ steps, .*got null/],
    [[], /got an array/],
    [{ steps: 0 }, /steps must be an integer >= 1, at most 2\^53-1 \(time steps of the forward\); got 0\./],
    [{ steps: -3 }, /got -3/],
    [{ steps: 1.5 }, /got 1.5/],
    [{ steps: Number.NaN }, /got NaN/],
    [{ steps: Infinity }, /got Infinity/],
    [{ steps: 2 ** 53 }, /got 9007199254740992/],
    [{ steps: '7' }, /got "7"/],
    [{ steps: 7n }, /got 7n/],
    [{ step: 7, steps: 7 }, /no option "step"\. Did you mean steps\? It takes steps, slots/],
    [{ steps: 1, slots: 10 }, /slots must be an integer from 0 to 9/],
    [{ steps: 1, factor: 0 }, /factor must be a finite number > 0/],
    [{ steps: 1, factor: Infinity }, /factor must be a finite number > 0/],
    [{ steps: 1, fast: 1 }, /fast must be true or false/],
    [
      { steps: 1, trajectory: 'maximun' },
      /trajectory must be one of maximum, revolve .*Did you mean maximum\?/,
    ],
    [{ steps: 1, where: 'NONE' }, /where must be the name of a checkpoint storage/],
    [{ steps: 1, where: 'a b' }, /where must be/],
    [{ steps: 1, costs: 3 }, /costs must be costs like \{ forwardStep: 1/],
    [
      { steps: 1, costs: { forward: 1 } },
      /costs has no "forward"\..*It takes forwardStep, adjointStep, write, read/,
    ],
    [{ steps: 1, costs: { forwardStep: -1 } }, /costs.forwardStep must be a finite number >= 0/],
    [{ steps: 1, costs: { write: { TAPE: 1 } } }, /costs.write has no "TAPE". It takes DISK/],
    [
      { steps: 1, costs: { read: { DISK: Number.NaN } } },
      /costs.read.DISK must be a finite number >= 0.*got NaN/,
    ],
    [{ steps: 1, levels: [] }, /levels must be a list of \{ slots \}, at least 1/],
    [{ steps: 1, levels: [{ slots: 1 }, { slots: 0 }] }, /levels\[1\]\.slots must be an integer >= 1/],
    [{ steps: 1, field: { data: new Float64Array(5), shape: [2, 3] } }, /field must be \{ data, shape \}/],
    [{ steps: 1, field: { data: new Float64Array(6), shape: [6] } }, /shape \[rows, columns\]/],
  ])('%o', (options, message) => {
    try {
      check(options)
      expect.unreachable()
    } catch (error) {
      expect(isCheckpointScheduleError(error) && error.code).toBe('INVALID_OPTION')
      expect((error as Error).message).toMatch(message)
    }
  })
})

describe('numbers by step, and records', () => {
  const byStep = {
    steps: integer({ min: 1, max: 100, help: 'time steps' }),
    size: perStep({ min: 0, help: 'a size' }),
    disk: record({
      optional: true,
      help: 'a disk',
      fields: {
        bytes: number({ min: 0, unlimited: true, unit: 'bytes', default: null, help: 'space' }),
        heights: perStep({ min: 1, atEnd: true, optional: true, help: 'heights' }),
      },
    }),
  }
  const check = (options: unknown) => checkOptions('demo', byStep, options)

  test('a number stays a number; arrays and functions become a frozen array', () => {
    expect(check({ steps: 3, size: 2 })).toEqual({ steps: 3, size: 2 })
    const given = Float32Array.of(1, 0.5, 0)
    for (const size of [given, [...given], (n: number) => given[n]!]) {
      const checked = check({ steps: 3, size })
      expect(checked.size).toEqual([1, 0.5, 0])
      expect(Object.isFrozen(checked.size)).toBe(true)
    }
    const pure = JSON.stringify(check({ steps: 1, size: [-0], disk: {} }))
    expect(pure).toBe('{"steps":1,"size":[0],"disk":{"bytes":null}}')
  })

  test('a function is called twice for each step, the end included where it counts', () => {
    const calls: number[] = []
    check({ steps: 2, size: 1, disk: { heights: (n: number) => calls.push(n) && n + 1 } })
    expect(calls).toEqual([0, 1, 2, 0, 1, 2])
  })

  test.each([
    [{ steps: 3 }, /size is missing; pass a finite number >= 0, an array of them, or a function of the step/],
    [{ size: [1] }, /^demo: steps is missing/],
    [{ steps: 3, size: null }, /size must be a finite number >= 0, an array of them, or .* got null/],
    [{ steps: 3, size: 3n }, /got 3n/],
    [{ steps: 3, size: { 0: 1, length: 3 } }, /got an object/],
    [{ steps: 3, size: -1 }, /size must be a finite number >= 0 \(a size\); got -1\./],
    [
      { steps: 3, size: [1, 2] },
      /size must have one number for each of 3 steps, 3 in all \(a size\); got an array of 2/,
    ],
    [{ steps: 3, size: [1, undefined, 2] }, /size\[1\] must be .* got undefined/],
    [{ steps: 3, size: new BigInt64Array(3) }, /size\[0\] must be .* got 0n/],
    [{ steps: 3, size: () => Number.NaN }, /size\(0\) must be .* got NaN/],
    [
      { steps: 3, size: 1, disk: { heights: [1, 1, 1] } },
      /disk\.heights must have .* one for the end, 4 in all/,
    ],
    [
      { steps: 3, size: 1, disk: { heights: [1, 1, 1, 0] } },
      /disk\.heights\[3\] must be a finite number >= 1/,
    ],
    [{ steps: 3, size: 1, disk: 7 }, /disk must be \{ bytes, heights \} \(a disk\); got 7/],
    [{ steps: 3, size: 1, disk: { byte: 7 } }, /disk has no "byte"\. Did you mean bytes\?/],
    [
      { steps: 3, size: 1, disk: { bytes: -7 } },
      /disk\.bytes must be a finite number >= 0, or null for no limit/,
    ],
  ])('%o is refused', (options, message) => expect(() => check(options)).toThrow(message))

  test('what a function throws is the cause', () => {
    const cause = new Error('no mesh')
    const size = () => {
      throw cause
    }
    expect(() => check({ steps: 3, size })).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        cause,
        message: expect.stringContaining('no mesh') as string,
      }),
    )
  })

  test('types', () => {
    expectTypeOf<OptionInput<typeof byStep>['size']>().toEqualTypeOf<PerStepInput>()
    expectTypeOf<OptionValues<typeof byStep>['size']>().toEqualTypeOf<PerStep>()
    type Disk = NonNullable<OptionValues<typeof byStep>['disk']>
    expectTypeOf<Disk['bytes']>().toEqualTypeOf<number | null>()
  })
})

test('an object that pretends to have an option through its prototype has not', () => {
  expect(() => check(Object.create({ steps: 3 }))).toThrow(/steps is missing/)
  expect(() => check(JSON.parse('{"steps":1,"__proto__":{"slots":1}}'))).toThrow(/no option "__proto__"/)
})

test('names', () => {
  expect(['hRevolve', 'snapshotsInRam', 'none', 'wave2d'].map(toKebabCase)).toEqual([
    'h-revolve',
    'snapshots-in-ram',
    'none',
    'wave2d',
  ])
  expect(nearestName('multstage', ['multistage', 'two-level'])).toBe('multistage')
  expect(nearestName('tow-level', ['multistage', 'two-level'])).toBe('two-level')
  expect(nearestName('banana', ['multistage', 'two-level'])).toBeUndefined()
})

test('types', () => {
  type Input = OptionInput<typeof descriptors>
  type Values = OptionValues<typeof descriptors>
  expectTypeOf<Input['steps']>().toEqualTypeOf<number>()
  expectTypeOf<Input['slots']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<Values['slots']>().toEqualTypeOf<number>()
  expectTypeOf<Values['factor']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<Values['trajectory']>().toEqualTypeOf<'maximum' | 'revolve'>()
  expectTypeOf<Values['where']>().toEqualTypeOf<CheckpointStorage>()
})
