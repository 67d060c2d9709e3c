import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  advanceOnly,
  copy,
  defineSchedule,
  endForward,
  endReverse,
  formatAction,
  integer,
  isSchedule,
  isScheduleFactory,
  keepAll,
  move,
  reverse,
  reverseAll,
  type Run,
  type Schedule,
  schedulesIn,
  store,
  tape,
  UNBOUNDED,
} from '../src/index.js'

const twoSteps = defineSchedule({
  name: 'TwoSteps',
  summary: 'Two steps with one checkpoint.',
  whenToUse: 'In tests.',
  references: [],
  options: { steps: integer({ min: 2, max: 2, default: 2, help: 'always two' }) },
  online: false,
  adjoints: 1,
  limits: () => ({ RAM: 1, DISK: 0 }),
  *actions() {
    yield store(0, 1, 'RAM')
    yield tape(1)
    yield endForward()
    yield reverse(1)
    yield move(0, 'RAM')
    yield tape(0)
    yield reverse(0)
    yield endReverse()
  },
  optimum: ({ steps }) => ({ forwardSteps: steps + 1, makespan: 2 * steps + 1 }),
})

const everything = defineSchedule({
  name: 'Everything',
  summary: 'Keeps all.',
  whenToUse: 'In tests.',
  references: [],
  options: {},
  online: true,
  adjoints: 'unlimited',
  limits: () => ({}),
  *actions({ run }) {
    yield keepAll(0, UNBOUNDED)
    yield endForward()
    while (true) {
      yield reverseAll(run.steps!, 0)
      yield endReverse()
    }
  },
})

const blocks = defineSchedule({
  name: 'Blocks',
  summary: 'Stores every three steps until it is told to stop.',
  whenToUse: 'In tests.',
  references: [],
  options: {},
  online: true,
  adjoints: 0,
  limits: ({ steps }) => ({ DISK: steps === undefined ? null : Math.ceil(steps / 3) }),
  *actions({ run }) {
    for (let n = 0; run.steps === undefined; n += 3) yield store(n, n + 3, 'DISK')
    yield endForward()
  },
})

const text = (run: Iterable<Parameters<typeof formatAction>[0]>) =>
  Array.from(run, (action) => formatAction(action))

describe('a schedule is a value', () => {
  test('every run is fresh, independent and equal', () => {
    const schedule = twoSteps()
    const [first, second] = [schedule.start(), schedule.start()]
    first.next()
    first.next()
    expect(text(second)).toEqual(text(schedule))
    expect(text(first)).toEqual(text(schedule).slice(2))
    expect([...schedule][0]).not.toBe([...schedule][0])
  })

  test('the manifest is pure JSON and says what is used', () => {
    const { manifest } = twoSteps()
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest)
    expect(manifest).toMatchObject({
      name: 'TwoSteps',
      online: false,
      steps: 2,
      adjoints: 1,
      limits: { RAM: 1 },
      period: null,
    })
    expect(manifest.limits).not.toHaveProperty('DISK')
    expect(blocks().manifest).toMatchObject({ steps: null, limits: { DISK: null } })
    expect(blocks().limits(7)).toEqual({ DISK: 3 })
  })

  test('a run tells where it stands', () => {
    const run = twoSteps().start()
    const seen = Array.from(run, () => [run.n, run.r, run.isExhausted])
    expect(seen).toEqual([
      [1, 0, false],
      [2, 0, false],
      [2, 0, false],
      [2, 1, false],
      [0, 1, false],
      [1, 1, false],
      [1, 2, false],
      [1, 2, true],
    ])
    expect(run.next()).toEqual({ done: true, value: undefined })
  })

  test('leaving a loop early does not close the run', () => {
    const run = twoSteps().start()
    for (const action of run) if (action.type === 'EndForward') break
    expect(run.next().value).toEqual(reverse(1))
  })

  test('the plan is made once, and only when it is needed; a manifest has no plan', () => {
    let plans = 0
    const contexts: object[] = []
    const planned = defineSchedule({
      name: 'Planned',
      summary: '',
      whenToUse: 'In tests.',
      references: [],
      options: {},
      online: true,
      adjoints(context) {
        contexts.push({ ...context })
        return 0
      },
      plan: () => ({ number: ++plans }),
      limits: ({ plan, steps }) => ({ DISK: plan === undefined ? null : plan.number + (steps ?? 10) }),
      period(context) {
        contexts.push({ ...context })
        return 7
      },
      *actions({ plan }) {
        yield advanceOnly(0, plan.number)
      },
      optimum: ({ plan, steps }) => ({ forwardSteps: plan.number * steps, makespan: 0 }),
    })
    const schedule = planned()
    expect(schedule.manifest).toMatchObject({ adjoints: 0, limits: { DISK: null }, period: 7 })
    const fromOptions = { options: {}, plan: undefined, steps: undefined }
    expect(contexts).toEqual([fromOptions, fromOptions])
    expect(plans).toBe(0)
    expect(schedule.limits(5)).toEqual({ DISK: 6 })
    expect(schedule.limits()).toEqual({ DISK: 11 })
    expect(schedule.optimum(3)).toMatchObject({ forwardSteps: 3 })
    expect([...schedule.start({ steps: 1 }), ...schedule.start({ steps: 1 })]).toEqual([
      advanceOnly(0, 1),
      advanceOnly(0, 1),
    ])
    expect(plans).toBe(1)
  })
})

describe('adjoints', () => {
  test('a run ends after as many as were asked for', () => {
    for (const adjoints of [0, 1, 3]) {
      const actions = [...everything().start({ steps: 5, adjoints })]
      expect(actions.filter(({ type }) => type === 'EndReverse')).toHaveLength(adjoints)
      expect(actions).toHaveLength(2 + 2 * adjoints)
    }
  })

  test('more than permitted is refused at start', () => {
    expect(() => twoSteps().start({ adjoints: 2 })).toThrow(
      expect.objectContaining({
        code: 'ADJOINTS_NOT_PERMITTED',
        message: expect.stringContaining('permits one adjoint'),
      }),
    )
    expect(() => blocks().start({ adjoints: 1 })).toThrow(/permits no adjoint/)
    expect(() => everything().start({ adjoints: 0.5 })).toThrow(/adjoints must be an integer >= 0; got 0.5/)
  })
})

describe('finalize', () => {
  test('start({ steps }) does it by itself, with the same actions as by hand', () => {
    const byHand = blocks().start()
    const actions = []
    for (const action of byHand) {
      actions.push(action)
      if (action.type === 'Forward' && action.n1 >= 7) byHand.finalize(7)
    }
    expect(byHand).toMatchObject({ n: 7, steps: 7 })
    expect(actions).toEqual([...blocks().start({ steps: 7 })])
    expect(text(actions)).toEqual([
      'Forward(0, 3, true, false, DISK)',
      'Forward(3, 6, true, false, DISK)',
      'Forward(6, 9, true, false, DISK)',
      'EndForward()',
    ])
  })

  test('n is N, and steps is unknown until then', () => {
    const run = blocks().start({ steps: 5 })
    run.next()
    expect(run).toMatchObject({ n: 3, steps: undefined })
    run.next()
    expect(run).toMatchObject({ n: 5, steps: 5 })
  })

  test.each([
    ['before any action', 0, 1, /directly after a Forward/],
    ['with no steps after an action', 2, 0, /integer from 4 to 6/],
    ["at the Forward's own start", 2, 3, /integer from 4 to 6/],
    ['beyond the Forward', 2, 7, /integer from 4 to 6/],
    ['with a fraction', 2, 4.5, /integer from 4 to 6/],
    ['with NaN', 2, Number.NaN, /integer from 4 to 6/],
  ])('%s is refused', (_, actions, steps, message) => {
    const run = blocks().start()
    for (let i = 0; i < actions; i++) run.next()
    expect(() => run.finalize(steps)).toThrow(
      expect.objectContaining({ code: 'INVALID_FINALIZE', message: expect.stringMatching(message) }),
    )
    if (actions > 0) run.finalize(5) // and the run goes on
  })

  test('twice, too late, or offline is refused', () => {
    const run = blocks().start()
    run.next()
    run.finalize(2)
    expect(() => run.finalize(2)).toThrow(/too late/)
    const other = everything().start({ steps: 2 })
    other.next()
    expect(() => other.finalize(2)).toThrow(/too late/)
    const offline = twoSteps().start()
    offline.next()
    expect(() => offline.finalize(1)).toThrow(/offline/)
  })

  test('going on after an unbounded Forward needs the end', () => {
    const run = everything().start()
    run.next()
    expect(() => run.next()).toThrow(expect.objectContaining({ code: 'NOT_FINALIZED' }))
    run.finalize(4) // the refused call has lost nothing
    expect(run.next().value).toEqual(endForward())
  })

  test('an offline schedule has its own steps', () => {
    expect(() => twoSteps().start({ steps: 3 })).toThrow(expect.objectContaining({ code: 'STEPS_MISMATCH' }))
    expect(twoSteps().start({ steps: 2 }).steps).toBe(2)
    for (const steps of [-1, 1.5, Number.NaN, 2 ** 53]) {
      expect(() => blocks().start({ steps })).toThrow(/steps must be an integer >= 0/)
    }
  })
})

describe('a run of no steps', () => {
  test('is its two ends, whatever the family', () => {
    for (const adjoints of [0, 1, 3]) {
      const run = everything().start({ steps: 0, adjoints })
      expect(run).toMatchObject({ n: 0, steps: 0 })
      expect([...run]).toEqual([endForward(), ...Array.from({ length: adjoints }, () => endReverse())])
      expect(run.isExhausted).toBe(true)
    }
    expect([...blocks().start({ steps: 0 })]).toEqual([endForward()])
  })

  test('can be found out before the first action', () => {
    const run = everything().start()
    run.finalize(0)
    expect([...run]).toEqual([endForward(), endReverse()])
    const other = everything().start({ steps: 0 })
    expect(() => other.finalize(0)).toThrow(/too late/)
  })

  test('holds nothing and costs nothing; an offline plan is for its own steps', () => {
    expect(blocks().limits(0)).toEqual({})
    expect(blocks().optimum(0)).toEqual({ forwardSteps: 0, makespan: 0 })
    expect(() => twoSteps().start({ steps: 0 })).toThrow(expect.objectContaining({ code: 'STEPS_MISMATCH' }))
    expect(() => twoSteps().start().finalize(0)).toThrow(/offline/)
  })
})

test('discovery finds factories by their brand, and no others', () => {
  const found = schedulesIn({
    twoSteps,
    hEverything: everything,
    twice: (x: number) => 2 * x,
    schedule: twoSteps(),
    text: 'x',
  })
  expect(found.map(({ exportName, command }) => [exportName, command])).toEqual([
    ['hEverything', 'h-everything'],
    ['twoSteps', 'two-steps'],
  ])
  expect(isScheduleFactory(twoSteps)).toBe(true)
  expect(isSchedule(twoSteps())).toBe(true)
  expect([isSchedule(twoSteps), isSchedule(null), isScheduleFactory({})]).toEqual([false, false, false])
})

test('types: options are inferred from descriptors', () => {
  expectTypeOf(twoSteps).parameter(0).toEqualTypeOf<{ readonly steps?: number | undefined } | undefined>()
  expectTypeOf(twoSteps()).toEqualTypeOf<Schedule<1>>()
  expectTypeOf(blocks()).toEqualTypeOf<Schedule<0>>()
  expectTypeOf(everything()).toEqualTypeOf<Schedule<'unlimited'>>()
  expectTypeOf(twoSteps()).toExtend<Schedule>()
  expectTypeOf(twoSteps().start()).toEqualTypeOf<Run>()
  const { optionsWithin: _, ...definition } = twoSteps.definition
  const needsSteps = defineSchedule({
    ...definition,
    options: { steps: integer({ min: 1, help: '' }) },
  })
  // @ts-expect-error steps is required
  expect(() => needsSteps()).toThrow(/steps is missing/)
  // @ts-expect-error steps is a number
  expect(() => needsSteps({ steps: '3' })).toThrow(/steps must be an integer/)
  expect(copy(1, 'S3')).toEqual({ type: 'Copy', n: 1, from: 'S3', to: 'FWD_RESTART' })
})
