/** The suite itself under test: each schedule here is broken in one way, and the claim that says so must be the one that fails. */
import {
  type Action,
  copy,
  defineSchedule,
  endForward,
  endReverse,
  integer,
  move,
  reverse,
  type ScheduleDefinition,
  store,
  tape,
} from '@checkpoint-schedules/core'
import { describe, expect, test } from 'vitest'
import { drawTrace, testSchedule } from '../src/index.js'

/** Stores every step in RAM and moves each back: right in every way. */
const storeAll = {
  name: 'StoreAll',
  summary: 'Stores restart data of every step in memory.',
  whenToUse: 'In tests.',
  references: [],
  options: { steps: integer({ min: 1, help: 'time steps of the forward' }) },
  online: false,
  adjoints: 1 as const,
  limits: ({ options: { steps } }: { options: { steps: number } }) => ({ RAM: steps - 1 }),
  *actions({ options: { steps } }: { options: { steps: number } }): Generator<Action> {
    for (let n = 0; n < steps - 1; n++) yield store(n, n + 1, 'RAM')
    yield tape(steps - 1)
    yield endForward()
    yield reverse(steps - 1)
    for (let n = steps - 2; n >= 0; n--) {
      yield move(n, 'RAM')
      yield tape(n)
      yield reverse(n)
    }
    yield endReverse()
  },
  optimum: ({ steps }: { steps: number }) => ({ forwardSteps: 2 * steps - 1, makespan: 3 * steps - 1 }),
} satisfies ScheduleDefinition<{ steps: { kind: 'integer'; min: 1; help: string } }, undefined>

type Definition = typeof storeAll
type Change = Partial<Record<keyof Definition | 'plan', unknown>>

/** The claims that fail, with their messages. */
async function failures(change: Change, settings = {}): Promise<Map<string, string>> {
  const failed = new Map<string, string>()
  const bodies: [string, () => void | Promise<void>][] = []
  testSchedule(defineSchedule({ ...storeAll, ...change } as Definition), {
    describe: (_, body) => body(),
    it: (name, body) => bodies.push([name, body]),
    runs: 50,
    ...settings,
  })
  for (const [name, body] of bodies) {
    try {
      await body()
    } catch (error) {
      failed.set(name, (error as Error).message)
    }
  }
  return failed
}

/** The schedule with each of its actions changed. */
function changing(change: (action: Action, index: number) => Action | undefined) {
  return {
    *actions(context: { options: { steps: number } }): Generator<Action> {
      let index = 0
      for (const action of storeAll.actions(context)) {
        const changed = change(action, index++)
        if (changed !== undefined) yield changed
      }
    },
  }
}

test('a right schedule passes', async () => {
  expect(await failures({})).toEqual(new Map())
})

describe('each fault is found by the claim that is about it', () => {
  const obeys = 'obeys the laws, holds and costs what it claims'
  const cases: [string, Change, string, RegExp, object?][] = [
    [
      'a last read that copies',
      changing((it) => (it.type === 'Move' ? copy(it.n, it.from) : it)),
      obeys,
      /breaks the law leftover \(if one adjoint is permitted, no checkpoint is left/,
    ],
    [
      'a missing EndForward',
      changing((it) => (it.type === 'EndForward' ? undefined : it)),
      obeys,
      /EndForward comes once/,
    ],
    [
      'a step too far',
      changing((it) => (it.type === 'Forward' ? { ...it, n1: it.n1 + 1 } : it)),
      obeys,
      /breaks the law/,
    ],
    [
      'too low a limit',
      {
        limits: ({ options: { steps } }: { options: { steps: number } }) => ({ RAM: Math.max(0, steps - 2) }),
      },
      obeys,
      /no storage holds more checkpoints than its limit/,
    ],
    [
      'too high a limit',
      { limits: ({ options: { steps } }: { options: { steps: number } }) => ({ RAM: steps }) },
      obeys,
      /claims at most 1 checkpoints in RAM and holds 0/,
    ],
    [
      'no limit',
      { limits: () => ({ RAM: null }) },
      obeys,
      /has no limit for RAM, though the number of steps is known/,
    ],
    [
      'a manifest with lower limits than there are',
      {
        plan: () => 'a plan',
        limits: ({ options: { steps }, plan }: { options: { steps: number }; plan: unknown }) => ({
          RAM: plan === undefined ? 0 : steps - 1,
        }),
      },
      obeys,
      /its manifest permits 0 checkpoints in RAM, and its limits 1/,
    ],
    [
      'no word on when to use it',
      { whenToUse: undefined },
      'says what it is for',
      /its declaration needs whenToUse, a sentence or two; got undefined/,
    ],
    [
      'a wrong optimum',
      { optimum: () => ({ forwardSteps: 7, makespan: 7 }) },
      obeys,
      /claims 7 forward steps and takes 1/,
    ],
    [
      'a wrong makespan',
      { optimum: ({ steps }: { steps: number }) => ({ forwardSteps: 2 * steps - 1, makespan: 0 }) },
      obeys,
      /claims a makespan of 0/,
    ],
    [
      'a manifest that is not JSON',
      { references: [undefined] },
      'has a manifest of pure JSON',
      /not pure JSON/,
    ],
    ['an offline schedule that says it is online', { online: true }, obeys, /breaks the law|claims/],
    [
      'one object for many actions',
      (() => {
        const end = endReverse()
        return changing((it) => (it.type === 'EndReverse' ? end : it))
      })(),
      'gives fresh and equal runs',
      /handed out before/,
    ],
    [
      'runs that differ',
      (() => {
        let runs = 0
        return changing((it, index) => (index === 0 && ++runs % 2 === 0 ? endForward() : it))
      })(),
      'gives fresh and equal runs',
      /differ from one alone at action 0/,
    ],
    ['more adjoints than it can', { adjoints: 'unlimited' }, obeys, /breaks the law/],
    [
      'restart data of another step',
      changing((it) => (it.type === 'Move' && it.n === 1 ? move(0, 'RAM') : it)),
      'gives the gradient of a run that stores everything, bit for bit',
      /Counterexample: \[\{"steps":3\}/,
    ],
    [
      'a dear schedule',
      {},
      'is optimal',
      /costs 1; the least is 0/,
      { optimal: () => ({ forwardSteps: 0 }) },
    ],
  ]
  test.each(cases)('%s', async (_, change, claim, message, settings) => {
    const failed = await failures(change, settings)
    expect([...failed.keys()]).toContain(claim)
    expect(failed.get(claim)).toMatch(message)
  })

  test('dearer with more of something', async () => {
    const wasteful = {
      options: { ...storeAll.options, slots: integer({ min: 0, help: 'slots that do harm' }) },
      limits: () => ({ RAM: 1 }),
      *actions({
        options: { steps, slots },
      }: {
        options: { steps: number; slots: number }
      }): Generator<Action> {
        for (let i = 0; i <= slots * steps; i++) yield store(0, 1, 'RAM')
      },
    }
    expect(
      (await failures(wasteful, { neverDearerWithMore: ['slots'] })).get('never costs more with more slots'),
    ).toMatch(/with one more: \d+ forward steps instead of \d+/)
  })
})

test('a failure shows the smallest options, the law and the trace', async () => {
  const wrong = changing((it) => (it.type === 'Move' && it.n === 1 ? move(0, 'RAM') : it))
  const message = (await failures(wrong)).get('obeys the laws, holds and costs what it claims')!
  expect(message).toContain('{"steps":3}')
  expect(message).toMatch(/^>\s+\d+ \|/m)
  expect(message).toContain('Forward(1, 2, false, true, ADJ_DEPS)')
})

test('the drawing', () => {
  const actions = [...storeAll.actions({ options: { steps: 3 } })]
  expect(drawTrace(actions, 4, 3, 2)).toBe(
    [
      '      2 |        ---> | Forward(2, 3, false, true, ADJ_DEPS)',
      '      3 |             | EndForward()',
      '>     4 |        <--- | Reverse(3, 2, true)',
      '      5 |    m        | Move(1, RAM, FWD_RESTART)',
      '      6 |    --->     | Forward(1, 2, false, true, ADJ_DEPS)',
    ].join('\n'),
  )
})
