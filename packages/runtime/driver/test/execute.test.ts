import {
  advance,
  defineSchedule,
  endForward,
  endReverse,
  keepAll,
  reverseAll,
  UNBOUNDED,
} from '@checkpoint-schedules/core'
import { expect, test } from 'vitest'
import { defineProblem, execute, isProblem } from '../src/index.js'

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

test('handlers are called one after another, sync or async', async () => {
  const log: string[] = []
  await execute(
    everything(),
    {
      async forward({ n0 }, run) {
        await Promise.resolve()
        run.finalize(7)
        log.push(`forward from ${n0} to ${run.n}`)
      },
      reverse: ({ n1, n0 }) => void log.push(`reverse from ${n1} to ${n0}`),
      endReverse: () => void log.push('end'),
    },
    { adjoints: 2 },
  )
  expect(log).toEqual(['forward from 0 to 7', 'reverse from 7 to 0', 'end', 'reverse from 7 to 0', 'end'])
})

test('a missing handler is named', async () => {
  const run = execute(everything(), { forward() {} }, { steps: 3 })
  await expect(run).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringContaining('emits Reverse and there is no handler'),
  })
})

test('what a handler throws passes through', async () => {
  const boom = new Error('boom')
  const failing = execute(everything(), { forward: () => Promise.reject(boom) }, { steps: 3 })
  await expect(failing).rejects.toBe(boom)
  await expect(execute({} as never, {})).rejects.toMatchObject({ code: 'INVALID_OPTION' })
})

test('an abort stops before the next action', async () => {
  const controller = new AbortController()
  const log: string[] = []
  const run = execute(
    everything(),
    { forward: () => controller.abort(new Error('enough')), reverse: () => void log.push('reverse') },
    { steps: 3, signal: controller.signal },
  )
  await expect(run).rejects.toThrow('enough')
  expect(log).toEqual([])
})

test('an endless schedule of empty handlers still shares the event loop', async () => {
  const endless = defineSchedule({
    name: 'Endless',
    summary: '',
    whenToUse: 'In tests.',
    references: [],
    options: {},
    online: true,
    adjoints: 0,
    limits: () => ({}),
    *actions() {
      for (let n = 0; ; n++) yield advance(n, n + 1)
    },
  })
  const signal = AbortSignal.timeout(50)
  await expect(execute(endless(), { forward() {} }, { signal })).rejects.toMatchObject({
    name: 'TimeoutError',
  })
})

test('a problem checks its options', () => {
  const problem = defineProblem({
    name: 'square',
    summary: 'x² after one step.',
    options: {},
    create: (_, control = 2) => ({
      model: {
        step: (x: number) => x * x,
        tape: (x: number) => ({ state: x * x, tape: x }),
        adjoint: (a: number, x: number) => 2 * x * a,
      },
      initialState: control,
      steps: 1,
      terminalAdjoint: 1,
      objective: (x: number) => x,
      gradient: (a: number) => a,
      control,
    }),
  })
  expect(isProblem(problem)).toBe(true)
  expect(problem({}, 3).initialState).toBe(3)
  expect(() => problem({ size: 3 })).toThrow(/square: there is no option "size"/)
})
