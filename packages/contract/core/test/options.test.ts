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
