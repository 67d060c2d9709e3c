import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Action,
  checkAction,
  discard,
  formatAction,
  parseAction,
  parseActions,
  UNBOUNDED,
} from '../src/index.js'

const step = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const checkpointStorage = fc.constantFrom('RAM', 'DISK', 'GPU', 'S3')
const target = fc.constantFrom('FWD_RESTART' as const, 'ADJ_DEPS' as const)
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    type: fc.constant('Forward' as const),
    n0: step,
    n1: step,
    writeIcs: fc.boolean(),
    writeAdjDeps: fc.boolean(),
    storage: fc.constantFrom('RAM', 'DISK', 'GPU', 'FWD_RESTART', 'ADJ_DEPS', 'WORKING_MEMORY', 'NONE'),
  }),
  fc.record({ type: fc.constant('Reverse' as const), n1: step, n0: step, clearAdjDeps: fc.boolean() }),
  fc.record({
    type: fc.constantFrom('Copy' as const, 'Move' as const),
    n: step,
    from: checkpointStorage,
    to: target,
  }) as fc.Arbitrary<Action>,
  fc.record({ type: fc.constant('Discard' as const), n: step, storage: checkpointStorage }),
  fc.constantFrom<Action>({ type: 'EndForward' }, { type: 'EndReverse' }),
)

test.each(['canonical', 'json', 'notebook'] as const)('what is written in %s is read back', (dialect) => {
  fc.assert(
    fc.property(action, (it) => {
      expect(parseAction(formatAction(it, { dialect }))).toEqual(it)
    }),
  )
})

describe('dialects', () => {
  const forward: Action = {
    type: 'Forward',
    n0: 0,
    n1: UNBOUNDED,
    writeIcs: true,
    writeAdjDeps: false,
    storage: 'RAM',
  }
  const copy: Action = { type: 'Copy', n: 3, from: 'DISK', to: 'ADJ_DEPS' }
  test.each([
    ['canonical', forward, 'Forward(0, 9007199254740991, true, false, RAM)'],
    ['python', forward, 'Forward(0, sys.maxsize, True, False, StorageType.RAM)'],
    ['notebook', forward, 'Forward(0, 9223372036854775807, True, False, <StorageType.RAM: 0>)'],
    ['canonical', copy, 'Copy(3, DISK, ADJ_DEPS)'],
    ['python', copy, 'Copy(3, StorageType.DISK, StorageType.WORK)'],
    ['notebook', copy, 'Copy(3, <StorageType.DISK: 1>, <StorageType.ADJ_DEPS: 3>)'],
    ['canonical', discard(3, 'RAM'), 'Discard(3, RAM)'],
    ['python', discard(3, 'RAM'), 'Discard(3, StorageType.RAM)'],
    ['notebook', discard(3, 'RAM'), 'Discard(3, <StorageType.RAM: 0>)'],
    ['json', discard(3, 'RAM'), '{"type":"Discard","n":3,"storage":"RAM"}'],
    ['canonical', { type: 'EndReverse' } as const, 'EndReverse()'],
    ['python', { type: 'EndReverse' } as const, 'EndReverse()'],
    ['notebook', { type: 'EndReverse' } as const, 'End Reverse'],
    ['python', { type: 'Reverse', n1: 4, n0: 3, clearAdjDeps: true } as const, 'Reverse(4, 3, True)'],
  ] as const)('%s', (dialect, it, text) => {
    expect(formatAction(it, { dialect })).toBe(text)
  })
})

test('the Python dialect does not say what a checkpoint holds, the trace does', () => {
  const lines = [
    'Forward(0, 1, True, False, StorageType.RAM)',
    'Forward(1, 2, False, True, StorageType.DISK)',
    '',
    'Forward(2, 3, False, True, StorageType.WORK)',
    'Move(1, StorageType.DISK, StorageType.WORK)',
    'Move(0, StorageType.RAM, StorageType.WORK)',
    'Forward(0, 1, False, False, StorageType.WORK)',
  ]
  expect(Array.from(parseActions(lines), (it) => formatAction(it))).toEqual([
    'Forward(0, 1, true, false, RAM)',
    'Forward(1, 2, false, true, DISK)',
    'Forward(2, 3, false, true, ADJ_DEPS)',
    'Move(1, DISK, ADJ_DEPS)',
    'Move(0, RAM, FWD_RESTART)',
    'Forward(0, 1, false, false, FWD_RESTART)',
  ])
  expect(parseAction('Forward(0, sys.maxsize, True, True, StorageType.WORK)')).toMatchObject({
    storage: 'WORKING_MEMORY',
  })
})

test('a discarded tape is forgotten: restart data may take its place', () => {
  const lines = [
    'Forward(0, 1, False, True, StorageType.DISK)',
    'Discard(0, StorageType.DISK)',
    'Forward(0, 1, True, False, StorageType.DISK)',
    'Copy(0, StorageType.DISK, StorageType.WORK)',
  ]
  expect([...parseActions(lines)].at(-1)).toMatchObject({ to: 'FWD_RESTART' })
})

describe('what is not an action is refused', () => {
  test.each([
    ['', /expected a line such as/],
    ['Forward', /expected a line such as/],
    ['Forward(0, 1, true, false)', /takes 5 arguments; got 4/],
    ['Forward(0, 1, yes, false, RAM)', /"yes" is not true or false/],
    ['Forward(0, -1, true, false, RAM)', /"-1" is not a step number/],
    ['Forward(0, 1e3, true, false, RAM)', /"1e3" is not a step number/],
    ['Forward(0, 99999999999999999999, true, false, RAM)', /is not a step number/],
    ['Forward(0, 1, true, false, r a m)', /storage of Forward does not fit/],
    ['Jump(0)', /there is no action "Jump"/],
    ['Copy(0, NONE, FWD_RESTART)', /from of Copy does not fit/],
    ['Discard(0, NONE)', /storage of Discard does not fit/],
    ['Discard(0, StorageType.WORK, RAM)', /takes 2 arguments; got 3/],
    ['Copy(0, RAM, DISK)', /to of Copy does not fit/],
    ['{"type":"EndForward"', /not JSON/],
    ['{"type":"Copy","n":0,"from":"RAM","to":"FWD_RESTART","x":1}', /has no field "x"/],
    ['{"type":"__proto__"}', /type must be one of/],
    ['{"__proto__":{"type":"EndForward"}}', /type must be one of/],
    [`Forward(${'0'.repeat(2000)})`, /at most 1000 characters/],
  ])('%s', (line, message) => {
    expect(() => parseAction(line)).toThrow(
      expect.objectContaining({ code: 'INVALID_ACTION', message: expect.stringMatching(message) }),
    )
  })

  test('a broken line of many is named by its number', () => {
    expect(() => [...parseActions(['EndForward()', 'oops'])]).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ line: 2 }),
        message: expect.stringContaining('line 2'),
      }),
    )
  })

  test('no text makes it throw anything else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc
            .tuple(action, fc.nat(40), fc.string())
            .map(([it, at, junk]) => formatAction(it).slice(0, at) + junk),
        ),
        (line) => {
          try {
            parseAction(line)
          } catch (error) {
            expect(error).toMatchObject({ code: 'INVALID_ACTION' })
          }
        },
      ),
    )
    for (const value of [null, 3, 'x', [], {}, { type: 'Forward' }]) {
      expect(() => checkAction(value)).toThrow(expect.objectContaining({ code: 'INVALID_ACTION' }))
    }
  })
})
