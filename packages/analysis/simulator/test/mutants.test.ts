/**
 * The simulator under mutants: one action of a valid trace is dropped, repeated, swapped or changed, and the named law must
 * be the first one that is reported.
 */
import { type Action, discard, type Manifest, parseAction } from '@checkpoint-schedules/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Law, laws, Machine, simulate, throwViolation, verify } from '../src/index.js'

// Four steps: restart data of steps 0 and 1 in RAM, the tape of step 2 on DISK.
const valid = `
   0 Forward(0, 1, true, false, RAM)
   1 Forward(1, 2, true, false, RAM)
   2 Forward(2, 3, false, true, DISK)
   3 Forward(3, 4, false, true, ADJ_DEPS)
   4 EndForward()
   5 Reverse(4, 3, true)
   6 Move(2, DISK, ADJ_DEPS)
   7 Reverse(3, 2, true)
   8 Move(1, RAM, FWD_RESTART)
   9 Forward(1, 2, false, true, ADJ_DEPS)
  10 Reverse(2, 1, true)
  11 Move(0, RAM, FWD_RESTART)
  12 Forward(0, 1, false, true, ADJ_DEPS)
  13 Reverse(1, 0, true)
  14 EndReverse()`
  .trim()
  .split('\n')
  .map((line) => parseAction(line.replace(/^ *\d+ /, '')))

const manifest: Manifest = {
  name: 'Example',
  online: false,
  steps: 4,
  adjoints: 1,
  limits: { RAM: 2, DISK: 1 },
  bytes: { limits: { RAM: 40, DISK: 10 }, includes: 'checkpoints' },
  period: null,
  references: [],
  options: {},
}

const sizes = { state: 20, tape: 10 }

/** The trace with the action at `index` dropped, and others put in its place. */
const replace = (index: number, ...lines: string[]) =>
  valid.toSpliced(index, 1, ...lines.map((line) => parseAction(line)))
const drop = (index: number) => replace(index)
const insert = (index: number, ...lines: string[]) =>
  valid.toSpliced(index, 0, ...lines.map((line) => parseAction(line)))

test('the valid trace breaks no law, and is counted', () => {
  expect(verify(valid, { manifest, costs: { write: { DISK: 10 } } })).toEqual({
    steps: 4,
    actions: 15,
    forwardSteps: 6,
    adjointSteps: 4,
    adjoints: 1,
    recomputeFactor: 1.5,
    writes: { RAM: 2, DISK: 1 },
    reads: { RAM: 2, DISK: 1 },
    discards: { RAM: 0, DISK: 0 },
    peak: { RAM: 2, DISK: 1 },
    makespan: 6 + 4 + 10 + 2,
    violations: [],
  })
})

describe('each law is the first to be reported, at the action that broke it', () => {
  const cases: [Law, number, Action[], Partial<Manifest>?][] = [
    ['forward-length', 1, replace(1, 'Forward(1, 1, true, false, RAM)')],
    ['forward-start', 1, replace(1, 'Forward(0, 2, true, false, DISK)')],
    ['forward-start', 1, drop(1)],
    ['forward-start', 8, drop(8)],
    ['forward-start', 7, insert(7, 'Forward(2, 3, false, true, ADJ_DEPS)')],
    ['forward-limit', 3, replace(3, 'Forward(3, 5, false, false, FWD_RESTART)')],
    ['forward-limit', 9, replace(9, 'Forward(1, 3, false, false, FWD_RESTART)')],
    ['forward-storage', 0, replace(0, 'Forward(0, 1, false, false, RAM)')],
    ['forward-storage', 0, replace(0, 'Forward(0, 1, true, false, FWD_RESTART)')],
    ['forward-storage', 0, replace(0, 'Forward(0, 1, true, false, NONE)')],
    ['forward-storage', 0, replace(0, 'Forward(0, 1, true, true, ADJ_DEPS)')],
    ['one-taped-step', 2, replace(2, 'Forward(2, 4, false, true, DISK)')],
    ['one-taped-step', 0, replace(0, 'Forward(0, 2, false, true, ADJ_DEPS)')],
    ['one-kind', 2, replace(2, 'Forward(2, 3, true, true, DISK)')],
    ['checkpoint-taken', 9, replace(8, 'Copy(1, RAM, FWD_RESTART)', 'Forward(1, 2, true, false, RAM)')],
    ['storage-limit', 1, valid, { limits: { RAM: 1, DISK: 1 } }],
    ['storage-limit', 2, valid, { limits: { RAM: 2 } }],
    ['storage-bytes', 1, valid, { bytes: { limits: { RAM: 39, DISK: 10 }, includes: 'checkpoints' } }],
    ['storage-bytes', 2, replace(2, 'Forward(2, 3, true, false, DISK)')],
    ['reverse-length', 5, replace(5, 'Reverse(4, 4, true)')],
    ['reverse-start', 6, insert(6, 'Reverse(4, 3, true)')],
    ['reverse-start', 7, replace(7, 'Reverse(2, 1, true)')],
    ['reverse-data', 5, replace(5, 'Reverse(4, 2, true)')],
    ['reverse-data', 10, replace(9, 'Forward(1, 2, false, false, FWD_RESTART)')],
    ['reverse-data', 6, drop(6)],
    ['working-storage-empty', 6, replace(5, 'Reverse(4, 3, false)')],
    ['working-storage-empty', 5, drop(5)],
    ['working-storage-empty', 9, insert(8, 'Copy(1, RAM, FWD_RESTART)')],
    ['checkpoint-exists', 6, replace(6, 'Move(2, RAM, ADJ_DEPS)')],
    ['checkpoint-exists', 8, replace(8, 'Move(3, RAM, FWD_RESTART)')],
    [
      'checkpoint-useful',
      8,
      [
        ...replace(6, 'Copy(2, DISK, ADJ_DEPS)').slice(0, 8),
        ...insert(8, 'Move(2, DISK, ADJ_DEPS)').slice(8),
      ],
    ],
    ['checkpoint-kind', 6, replace(6, 'Move(2, DISK, FWD_RESTART)')],
    ['checkpoint-kind', 8, replace(8, 'Move(1, RAM, ADJ_DEPS)')],
    ['end-forward', 4, drop(4)],
    ['end-forward', 5, insert(4, 'EndForward()')],
    ['end-forward', 3, insert(3, 'EndForward()')],
    ['end-reverse', 13, drop(13)],
    ['leftover', 14, replace(8, 'Copy(1, RAM, FWD_RESTART)')],
    ['after-end', 15, insert(15, 'EndReverse()')],
    ['after-end', 5, valid, { adjoints: 0 }],
    ['incomplete', 14, valid.slice(0, 14)],
    ['incomplete', 2, valid.slice(0, 2)],
    ['incomplete', 0, []],
  ]

  test.each(cases)('%s at action %i', (law, index, actions, settings) => {
    const [first] = simulate(actions, { manifest: { ...manifest, ...settings }, sizes }).violations
    expect(first).toMatchObject({ law, index })
    expect(() => verify(actions, { manifest: { ...manifest, ...settings }, sizes })).toThrow(
      expect.objectContaining({ code: 'BROKEN_LAW', details: expect.objectContaining({ law, index }) }),
    )
  })

  test('no law is untested', () => {
    expect(new Set(cases.map(([law]) => law))).toEqual(new Set(Object.keys(laws)))
  })

  test('a message says what was found and what would have been right', () => {
    const messages = simulate(replace(8, 'Move(3, RAM, FWD_RESTART)'), { manifest }).violations.map(
      (it) => it.message,
    )
    expect(messages[0]).toBe(
      'Move(3, RAM, FWD_RESTART): RAM holds no checkpoint of step 3; right would be: one of steps 0, 1.',
    )
  })
})

test('dropping, repeating or swapping any action of the trace breaks a law', () => {
  const breaks = (actions: Action[]) => simulate(actions, { manifest }).violations.length > 0
  valid.forEach((action, i) => {
    expect(breaks(valid.toSpliced(i, 1)), `dropped ${i}`).toBe(true)
    expect(breaks(valid.toSpliced(i, 0, action)), `repeated ${i}`).toBe(true)
    for (let j = i + 1; j < valid.length; j++) {
      expect(breaks(valid.with(i, valid[j]!).with(j, action)), `swapped ${i} and ${j}`).toBe(true)
    }
  })
})

describe('a run of no steps', () => {
  const lines = (...texts: string[]) => texts.map((line) => parseAction(line))
  const none = { ...manifest, steps: 0, limits: {} }

  test('is EndForward, then EndReverse for each adjoint calculation', () => {
    const nothing = { steps: 0, forwardSteps: 0, adjointSteps: 0, recomputeFactor: 1, violations: [] }
    expect(verify(lines('EndForward()', 'EndReverse()'), { manifest: none })).toMatchObject(nothing)
    expect(simulate(lines('EndForward()', 'EndReverse()', 'EndReverse()'))).toMatchObject({
      ...nothing,
      adjoints: 2,
    })
    expect(simulate(lines('EndForward()'))).toMatchObject({ ...nothing, adjoints: 0 })
  })

  test.each([
    ['end-forward', 0, lines('EndReverse()')],
    ['end-forward', 0, lines('Forward(0, 1, false, true, ADJ_DEPS)', 'EndForward()', 'EndReverse()')],
    ['end-forward', 1, lines('EndForward()', 'EndForward()', 'EndReverse()')],
    ['reverse-start', 1, lines('EndForward()', 'Reverse(1, 0, true)', 'EndReverse()')],
    ['forward-limit', 1, lines('EndForward()', 'Forward(0, 1, false, true, ADJ_DEPS)')],
    ['incomplete', 1, lines('EndForward()')],
  ])('%s at action %i', (law, index, actions) => {
    expect(simulate(actions, { manifest: none }).violations[0]).toMatchObject({ law, index })
  })

  test('only the number of steps makes an early EndForward right', () => {
    const [first] = simulate(lines('EndForward()', 'EndReverse()'), { manifest }).violations
    expect(first).toMatchObject({ law: 'end-forward', index: 0 })
  })
})

test('a stream from elsewhere needs no manifest', () => {
  expect(simulate(valid)).toMatchObject({ steps: 4, forwardSteps: 6, violations: [] })
  const online = [
    ...replace(3, 'Forward(3, 9, false, false, FWD_RESTART)').slice(0, 4),
    parseAction('EndForward()'),
  ]
  expect(simulate(online, { steps: 4 })).toMatchObject({ forwardSteps: 4, adjoints: 0, violations: [] })
  expect(simulate(valid, { limits: { RAM: 1 } }).violations).toMatchObject([
    { law: 'storage-limit', storage: 'RAM', step: 1 },
  ])
})

test('garbage is reported, never thrown', () => {
  const step = fc.integer({ min: 0, max: 4 })
  const storage = fc.constantFrom('RAM', 'DISK', 'ADJ_DEPS', 'FWD_RESTART', 'WORKING_MEMORY', 'NONE')
  const action = fc.oneof(
    fc.record({
      type: fc.constant('Forward'),
      n0: step,
      n1: step,
      writeIcs: fc.boolean(),
      writeAdjDeps: fc.boolean(),
      storage,
    }),
    fc.record({ type: fc.constant('Reverse'), n1: step, n0: step, clearAdjDeps: fc.boolean() }),
    fc.record({
      type: fc.constantFrom('Copy', 'Move'),
      n: step,
      from: fc.constantFrom('RAM', 'DISK'),
      to: fc.constantFrom('FWD_RESTART', 'ADJ_DEPS'),
    }),
    fc.record({ type: fc.constant('Discard'), n: step, storage }),
    fc.constantFrom({ type: 'EndForward' }, { type: 'EndReverse' }),
  ) as fc.Arbitrary<Action>
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const { violations, actions: count } = simulate(actions, { manifest })
      expect(count).toBe(actions.length)
      expect(violations.length).toBeGreaterThan(0) // no random trace is a schedule
    }),
  )
})

describe('a Discard', () => {
  // Restart data of steps 0 and 1, of which step 1 makes room for step 2.
  const online = `
     0 Forward(0, 1, true, false, RAM)
     1 Forward(1, 2, true, false, RAM)
     2 Discard(1, RAM)
     3 Forward(2, 4, true, false, RAM)
     4 EndForward()
     5 Copy(2, RAM, FWD_RESTART)
     6 Forward(2, 3, false, false, FWD_RESTART)
     7 Forward(3, 4, false, true, ADJ_DEPS)
     8 Reverse(4, 3, true)
     9 Move(2, RAM, FWD_RESTART)
    10 Forward(2, 3, false, true, ADJ_DEPS)
    11 Reverse(3, 2, true)
    12 Copy(0, RAM, FWD_RESTART)
    13 Forward(0, 1, false, false, FWD_RESTART)
    14 Forward(1, 2, false, true, ADJ_DEPS)
    15 Reverse(2, 1, true)
    16 Move(0, RAM, FWD_RESTART)
    17 Forward(0, 1, false, true, ADJ_DEPS)
    18 Reverse(1, 0, true)
    19 EndReverse()`
    .trim()
    .split('\n')
    .map((line) => parseAction(line.replace(/^ *\d+ /, '')))
  const its: Manifest = { ...manifest, online: true, steps: null, limits: { RAM: 2 } }
  const insertAt = (index: number, ...lines: string[]) =>
    online.toSpliced(index, 0, ...lines.map((line) => parseAction(line)))
  const swapped = (index: number, ...lines: string[]) =>
    online.toSpliced(index, 1, ...lines.map((line) => parseAction(line)))

  test('frees a slot, and is counted, but is no read', () => {
    expect(verify(online, { manifest: its, costs: { read: { RAM: 10 } } })).toMatchObject({
      writes: { RAM: 3 },
      reads: { RAM: 4 },
      discards: { RAM: 1 },
      peak: { RAM: 2 },
      makespan: 10 + 4 + 40,
    })
  })

  test.each([
    ['while working storage holds a tape', insertAt(8, 'Discard(2, RAM)').filter((_, i) => i < 9)],
    [
      'of a step that is reversed already',
      swapped(9, 'Copy(2, RAM, FWD_RESTART)').toSpliced(12, 0, discard(2, 'RAM')),
    ],
    ['directly after EndForward', insertAt(5, 'Discard(0, RAM)').slice(0, 6)],
    ['before the step is stored again', [...online.slice(0, 2), discard(1, 'RAM'), discard(0, 'RAM')]],
  ])('is legal %s', (_, actions) => {
    const { violations } = simulate(actions, { manifest: its, steps: 4 })
    expect(violations.filter(({ law }) => law !== 'incomplete')).toEqual([])
  })

  test('changes nothing else: the forward stands where it stood', () => {
    const machine = new Machine({ steps: 4, online: true, onViolation: throwViolation })
    for (const action of online.slice(0, 2)) machine.apply(action)
    machine.apply(discard(1, 'RAM'))
    expect([machine.n, machine.r, machine.forwardSteps]).toEqual([2, 0, 2])
  })

  test.each<[Law, number, Action[]]>([
    ['storage-limit', 2, online.toSpliced(2, 1)],
    ['checkpoint-exists', 2, swapped(2, 'Discard(2, RAM)')],
    ['checkpoint-exists', 2, swapped(2, 'Discard(1, DISK)')],
    ['checkpoint-exists', 3, insertAt(3, 'Discard(1, RAM)')],
    ['checkpoint-exists', 10, insertAt(8, 'Discard(2, RAM)')],
    ['end-forward', 4, insertAt(4, 'Discard(0, RAM)')],
    ['after-end', 20, insertAt(20, 'Discard(0, RAM)')],
    ['leftover', 19, swapped(16, 'Copy(0, RAM, FWD_RESTART)')],
  ])('%s at action %i', (law, index, actions) => {
    expect(simulate(actions, { manifest: its, steps: 4 }).violations[0]).toMatchObject({ law, index })
  })
})

describe('the timeline', () => {
  test('has a sample for each action', () => {
    const { timeline, makespan } = simulate(valid, { manifest, timeline: true })
    expect(timeline).toHaveLength(15)
    expect(timeline![2]).toEqual({ index: 2, time: 5, n: 3, r: 0, held: { RAM: 2, DISK: 1 } })
    expect(timeline!.at(-1)!.time).toBe(makespan)
  })

  test.each([2, 3, 4, 7, 14])('keeps peaks when it is downsampled to %i points', (points) => {
    const { timeline, peak, makespan } = simulate(valid, { manifest, timeline: points })
    expect(timeline!.length).toBeLessThanOrEqual(points)
    expect(Math.max(...timeline!.map(({ held }) => held['RAM'] ?? 0))).toBe(peak['RAM'])
    expect(timeline!.at(-1)!.time).toBe(makespan)
    expect(timeline!.map(({ index }) => index)).toEqual(
      timeline!.map(({ index }) => index).toSorted((a, b) => a - b),
    )
  })
})
