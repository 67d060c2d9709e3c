// Public functions with arguments that nobody would give them: what a plain loop gives, or a clear error before any work.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as basic from '@checkpoint-schedules/basic'
import * as binomial from '@checkpoint-schedules/binomial'
import { checkAction, formatAction, parseAction, parseActions, schedulesIn } from '@checkpoint-schedules/core'
import { memoryStore, runAdjoint, slotsFor, treeCodec } from '@checkpoint-schedules/driver'
import { dotProductTest, taylorTest } from '@checkpoint-schedules/gradient-checks'
import * as mixed from '@checkpoint-schedules/mixed'
import * as multistage from '@checkpoint-schedules/multistage'
import * as revolve from '@checkpoint-schedules/revolve'
import { simulate, verify } from '@checkpoint-schedules/simulator'
import { fileJournal, fileStore, readJournal } from '@checkpoint-schedules/storage-fs'
import { arbitraryOptions } from '@checkpoint-schedules/testkit'
import fc from 'fast-check'
import { below, pick, randomFrom } from './random.mjs'
import { repeat } from './tally.mjs'

const factories = [basic, binomial, mixed, multistage, revolve].flatMap((module) =>
  schedulesIn(module).map(({ factory }) => factory),
)
const throwing = Object.defineProperty({}, 'steps', { enumerable: true, get: () => fail() })
function fail() {
  throw new Error('a getter that throws')
}

/** Values that a caller's slip may put anywhere. */
const strange = [
  ...[undefined, null, true, false, 0, -0, 1, 2, 3, 7, -1, 0.5, 1e-320, NaN, Infinity, -Infinity],
  ...[
    2 ** 31,
    2 ** 32 + 1,
    2 ** 53 - 1,
    2 ** 53,
    1e308,
    3n,
    Symbol('s'),
    '',
    '3',
    'RAM',
    'DISK',
    '__proto__',
  ],
  ...['\u001b[2J', '\ud800', 'constructor', [], [1], [undefined], {}, { steps: 3 }, { length: 3 }, throwing],
  ...[Object.create(null), new Map(), new Set(), new Date(0), /x/, new Float64Array(3), new ArrayBuffer(8)],
  ...[() => 1, () => undefined, async () => 1, Map, Promise.resolve(1), new Error('x'), memoryStore()],
]

/** Without numbers that ask, rightly, for work without end. */
const cheap = strange.filter((it) => !Number.isSafeInteger(it) || it < 1000)

function shownOf(value) {
  try {
    return typeof value === 'symbol' || typeof value === 'number'
      ? String(value)
      : typeof value === 'function'
        ? `${value}`
        : (JSON.stringify(value) ?? String(value))
  } catch {
    return typeof value
  }
}

const lin = {
  step: (x) => x + (x * x) / 10,
  tape: (x) => ({ state: x + (x * x) / 10, tape: x }),
  adjoint: (a, x) => a * (1 + x / 5),
}
const STEPS = 12

/** With one or two of its fields replaced. */
function harmed(random, options, keys = Object.keys(options), values = cheap) {
  const result = { ...options }
  const done = []
  for (let n = 1 + below(random, 2); n > 0; n--) {
    const key = pick(random, keys)
    result[key] = pick(random, values)
    done.push(`${key} = ${shownOf(result[key])}`)
  }
  return { result, done }
}

/** Options of a schedule, right or harmed; its run, its counts. */
function schedules(random) {
  const factory = pick(random, factories)
  const [right] = fc.sample(arbitraryOptions(factory, { steps: 60, slots: 8 }), {
    numRuns: 1,
    seed: below(random, 2 ** 31),
  })
  const keys = [...Object.keys(factory.definition.options), 'unknown']
  const { result } = harmed(random, right, keys, strange)
  const schedule = factory(pick(random, [result, result, result, pick(random, strange)]))
  const steps = pick(random, [1, 5, 60, schedule.manifest.steps, pick(random, strange)])
  const adjoints = pick(random, [undefined, 1, pick(random, strange)])
  let left = 200
  for (const action of schedule.start(pick(random, [{ steps, adjoints }, pick(random, strange)]))) {
    checkAction(action)
    if (--left === 0) break
  }
  schedule.limits(pick(random, [steps, pick(random, strange)]))
  return 'right'
}

function texts(random) {
  const schedule = multistage.multistage({ steps: 6, snapshotsInRam: 2 })
  const dialect = pick(random, ['canonical', 'json', 'notebook', pick(random, strange)])
  let text = [...schedule.start()].map((action) => formatAction(action, dialect)).join('\n')
  for (let n = below(random, 4); n > 0; n--) {
    const at = below(random, text.length)
    text =
      text.slice(0, at) +
      pick(random, ['', '0', '-', ',', '(', ')', '\u0000', '1e400', '"', '\n']) +
      text.slice(at + below(random, 3))
  }
  parseActions(
    pick(random, [text, text, pick(random, strange)]),
    pick(random, [undefined, { dialect }, pick(random, strange)]),
  )
  parseAction(text.split('\n')[0], { dialect })
  return 'right'
}

function simulations(random) {
  const schedule = pick(random, [
    multistage.multistage({ steps: 9, snapshotsInRam: 2 }),
    basic.singleMemory(),
    multistage.twoLevel({ period: 3, binomialSnapshots: 2 }),
  ])
  const { result } = harmed(random, { steps: 9, adjoints: 1 })
  const check = pick(random, [simulate, verify])
  check(
    pick(random, [schedule, schedule, pick(random, cheap)]),
    pick(random, [result, result, pick(random, cheap)]),
  )
  return 'right'
}

/** A run whose options are harmed, against a plain loop over what it was given. */
async function runs(random) {
  const [schedule, steps] = pick(random, [
    [multistage.multistage({ steps: STEPS, snapshotsInRam: 2 }), undefined],
    [multistage.multistage({ steps: STEPS, snapshotsOnDisk: 3 }), undefined],
    [basic.singleMemory(), STEPS],
    [multistage.twoLevel({ period: 4, binomialSnapshots: 2 }), STEPS],
    [revolve.revolve({ steps: STEPS, snapshotsInRam: 3 }), undefined],
  ])
  const given = {
    schedule,
    model: lin,
    steps,
    initialState: 0.3,
    terminalAdjoint: 1,
    stores: { DISK: memoryStore() },
  }
  const more = [
    'adjoints',
    'buffers',
    'maxSteps',
    'checkReplay',
    'onEvent',
    'onProgress',
    'signal',
    'journal',
    'grace',
    'unknown',
  ]
  const isModel = random() < 0.3
  const model = harmed(random, lin, [
    'step',
    'tape',
    'adjoint',
    'observe',
    'observeAdjoint',
    'isDone',
    'codecs',
    'fingerprint',
  ])
  const { result: options, done } = isModel
    ? { result: { ...given, model: model.result }, done: model.done }
    : harmed(random, given, [...Object.keys(given), ...more])
  const { finalState, adjoints, steps: taken = STEPS } = await runAdjoint(options)
  const unchanged = ['step', 'tape', 'adjoint', 'isDone'].every((name) => options.model?.[name] === lin[name])
  if (!unchanged) return 'right' // a model of its own; what it computes is its own
  let state = options.initialState
  const tapes = []
  const N = options.steps ?? options.schedule?.manifest.steps ?? taken
  for (let n = 0; n < N; n++) {
    tapes.push(state)
    state = lin.step(state)
  }
  if (!isDeepStrictEqual(finalState, state))
    return `final state ${shownOf(finalState)}, not ${shownOf(state)}, with ${done.join(', ')}`
  for (const adjoint of adjoints) {
    const end = options.terminalAdjoint
    let expected = typeof end === 'function' ? await end(state, N) : end
    for (const tape of tapes.toReversed()) expected = lin.adjoint(expected, tape)
    if (!isDeepStrictEqual(adjoint, expected))
      return `gradient ${shownOf(adjoint)}, not ${shownOf(expected)}, with ${done.join(', ')}`
  }
  return 'right'
}

async function others(random) {
  const value = () => pick(random, cheap)
  const calls = [
    () =>
      taylorTest(
        harmed(random, { f: (x) => ({ value: x * x, gradient: 2 * x }), at: 1, direction: 1 }).result,
      ),
    () => dotProductTest(harmed(random, { forward: (x) => 2 * x, adjoint: (y) => 2 * y, x: 1, y: 1 }).result),
    () =>
      slotsFor(
        pick(random, [
          harmed(random, { model: lin, initialState: 0.3, terminalAdjoint: 1, ramBytes: 1e4 }).result,
          value(),
        ]),
      ),
    () => fileStore(pick(random, [{ directory: value() }, value()])),
    () =>
      fileJournal(
        pick(random, [join(tmpdir(), 'never-opened'), value()]),
        pick(random, [{ everySteps: value() }, { everySeconds: value() }, value()]),
      ),
    () => readJournal(join(tmpdir(), 'never-there', `${below(random, 99)}`)),
    async () => treeCodec.decode(await treeCodec.encode({ a: value() })),
    () => treeCodec.decode(Uint8Array.from({ length: below(random, 40) }, () => below(random, 256))),
    () => treeCodec.clone({ a: value() }),
  ]
  await pick(random, calls)()
  return 'right'
}

const targets = { schedules, texts, simulations, runs, others }

// What the values themselves throw when they are read or called.
const ofTheCaller = new Set(['a getter that throws', "Constructor Map requires 'new'"])

export const fuzzed = ({ seed, cases, until }) =>
  repeat({ cases, until }, async (i) => {
    const random = randomFrom(seed, i)
    const target = pick(random, Object.keys(targets))
    try {
      return await targets[target](random)
    } catch (error) {
      if (ofTheCaller.has(error?.message)) return 'error' // passed through
      throw error
    }
  })
