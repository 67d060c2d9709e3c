/** Each mistake of a user gets a sentence that says what was received, what is accepted and what to do; and nothing is left behind. */
import { singleMemory } from '@checkpoint-schedules/basic'
import { multistage } from '@checkpoint-schedules/multistage'
import { describe, expect, test } from 'vitest'
import { differentiable } from '../src/index.js'
import type { ObjectiveDefinition } from '../src/index.js'
import { Toy, toyLibrary } from './support/toy.js'

type Definition = ObjectiveDefinition<Toy, any, any, any>

const integer = (n: number) => new Toy(Float64Array.of(n), [1], [], 'int32')

/** What comes of a run of five steps with parts of the definition and of the call replaced. */
async function outcome(definition: Partial<Definition> = {}, call: object = {}): Promise<string> {
  const toy = toyLibrary()
  const before = { initialState: toy.array(1, 2), params: toy.scalar(0.5) }
  const objective = differentiable({
    ad: toy,
    step: (x: Toy, p: Toy) => x.times(p),
    loss: (x: Toy) => x.sum(),
    ...definition,
  } as Definition)
  try {
    const { warnings, gradient } = await objective.valueAndGradient({
      ...before,
      schedule: multistage({ steps: 5, snapshotsInRam: 2 }),
      ...call,
    })
    for (const x of [gradient.initialState, gradient.params].flat() as Toy[]) toy.release(x)
    expect(toy.live).toBe(2)
    return warnings.join()
  } catch (error) {
    expect(toy.live).toBe(2)
    return `${(error as { code?: string }).code}: ${(error as Error).message}`
  }
}

test('nothing to complain about', async () => expect(await outcome()).toBe(''))

describe('a step that changes', () => {
  test.each<[string, (x: Toy) => unknown, RegExp]>([
    [
      'the structure',
      (x) => ({ x }),
      /^INVALID_VALUE: step 0 must return a state .* but it has state\.x|^INVALID_VALUE: step 0 .* but state is missing/,
    ],
    [
      'the shape',
      (x) => x.sum(),
      /^INVALID_VALUE: step 0 must return .* but state was float64 \[2\] and is float64 \[\]/,
    ],
    ['the type', () => integer(1), /but state was float64 \[2\] and is int32 \[1\]/],
    [
      'arrays to numbers',
      () => 5,
      /^INVALID_VALUE: the state that step returns must be an array of toy, or a list or plain object of them; got 5/,
    ],
    [
      'to a promise',
      async (x) => x,
      /^INVALID_VALUE: step returned a Promise, but it is differentiated while it runs/,
    ],
  ])('%s', async (_what, step, message) => expect(await outcome({ step })).toMatch(message))

  test('later: the step is named', async () => {
    let n = 0
    expect(await outcome({ step: (x: Toy) => (n++ === 3 ? x.sum() : x.sin()) })).toMatch(
      /: step 3 must return/,
    )
  })
})

describe('a loss that is no scalar', () => {
  test.each<[string, Partial<Definition>, RegExp]>([
    [
      'a vector',
      { loss: (x: Toy) => x },
      /^INVALID_VALUE: loss must return a scalar.* got float64 \[2\]\. Sum it up/,
    ],
    [
      'a number',
      { loss: () => 3 as never },
      /^INVALID_VALUE: loss must return a scalar.*got number\. Compute it/,
    ],
    ['nothing', { loss: () => undefined as never }, /loss must return a scalar.*got undefined/],
    [
      'an integer',
      { loss: () => new Toy(Float64Array.of(1), [], [], 'int32') },
      /type float32 or float64; got int32/,
    ],
    [
      'stepLoss',
      { stepLoss: (x: Toy) => x },
      /^INVALID_VALUE: stepLoss must return a scalar.* got float64 \[2\]/,
    ],
  ])('%s', async (_what, definition, message) => expect(await outcome(definition)).toMatch(message))

  test('is found before any step is taken', async () => {
    let steps = 0
    const step = (x: Toy) => {
      steps += 1
      return x.sin()
    }
    await outcome({ step, loss: (x: Toy) => x })
    expect(steps).toBe(0)
  })
})

describe('what is not finite', () => {
  const nan = (x: Toy) => x.scaled(Number.NaN)
  test('in a step: the first such step is named', async () => {
    const definition: Partial<Definition> = {
      step: (x: Toy, _p, n: Toy) => (n.data[0] === 3 ? nan(x) : x.sin()),
    }
    const toy = toyLibrary()
    const objective = differentiable({
      ad: toy,
      step: definition.step as (x: Toy, p: readonly [], n: Toy) => Toy,
      stepLoss: (x) => x.sum(),
      inputs: (n) => toy.array(n),
    })
    for (const schedule of [singleMemory(), multistage({ steps: 300, snapshotsInRam: 4 })]) {
      const running = objective.valueAndGradient({ initialState: toy.array(1, 2), schedule, steps: 300 })
      await expect(running).rejects.toThrow(
        'the objective is not finite: step 3 is the first one whose result is not, state is NaN at index 0. Try a shorter time step',
      )
      expect(toy.live % 1).toBe(0)
    }
    expect(toy.live).toBe(2) // the two initial states
  })
  test('in the loss', async () => {
    expect(await outcome({ loss: (x: Toy) => nan(x).sum() })).toMatch(
      /though every state is: see what loss computes/,
    )
  })
  test('in a term', async () => {
    expect(await outcome({ loss: undefined, stepLoss: (x: Toy) => nan(x).sum() })).toMatch(
      /see what stepLoss computes/,
    )
  })
  test('in the initial state, or in a parameter', async () => {
    const { array } = toyLibrary()
    expect(await outcome({}, { initialState: array(1, Infinity) })).toMatch(
      /what it starts from is not: initialState is Infinity at index 1/,
    )
    expect(await outcome({}, { params: new Toy(Float64Array.of(Number.NaN), []) })).toMatch(
      /params is NaN at index 0/,
    )
  })
})

describe('a derivative that is not finite, though the objective is', () => {
  const root = (x: Toy) =>
    x.map(
      Math.sqrt,
      (a) =>
        new Toy(
          a.data.map((it) => 0.5 / Math.sqrt(it)),
          a.shape,
        ),
    )
  test('by the initial state', async () => {
    expect(
      await outcome({ loss: (x: Toy) => root(x).sum() }, { initialState: toyLibrary().array(0, 1) }),
    ).toMatch(
      /^INVALID_VALUE: a derivative is not finite, as gradient\.initialState is (NaN|Infinity) at index 0, though the objective and every state/,
    )
  })
  test('by a parameter', async () => {
    expect(
      await outcome(
        { step: (x: Toy, p: Toy) => x.plus(root(p)) },
        { params: new Toy(Float64Array.of(0), []) },
      ),
    ).toMatch(/gradient\.params is (NaN|Infinity) at index 0.*such as a square root or a norm at 0/)
  })
  test('since a state is not, which the loss does not see', async () => {
    const step = ([x, y]: [Toy, Toy], p: Toy) => [x.plus(y.scaled(0)), y.times(p).scaled(Infinity)]
    const zero = (y: Toy) =>
      y.map(
        () => 0,
        (a) => a.scaled(Number.NaN),
      )
    expect(
      await outcome(
        { step, loss: ([x, y]: [Toy, Toy]) => x.sum().plus(zero(y).sum()) },
        { initialState: [toyLibrary().array(1), toyLibrary().array(1)], schedule: singleMemory(), steps: 1 },
      ),
    ).toMatch(
      /a derivative is not finite.*: step 0 is the first one whose result is not, state\[1\] is Infinity/,
    )
  })
})

test('a loss that is a scalar for one state and a vector for another', async () => {
  const toy = toyLibrary()
  const squeezed = (x: Toy) => (x.data.length === 1 ? x.sum() : x)
  for (const name of ['loss', 'stepLoss']) {
    const objective = differentiable({ ad: toy, step: (x: Toy) => x.sin(), [name]: squeezed })
    const call = { schedule: singleMemory(), steps: 3 }
    await objective.valueAndGradient({ initialState: toy.array(1), ...call })
    await expect(objective.valueAndGradient({ initialState: toy.array(1, 2), ...call })).rejects.toThrow(
      `${name} must return a scalar, an array of toy with shape []; got float64 [2].`,
    )
  }
})

describe('functions that change the trees that they are given', () => {
  type Pair = { x: Toy; y: Toy }
  const pure: Partial<Definition> = {
    step: ({ x, y }: Pair, p: Toy) => ({ x: x.times(p).plus(y.sin()), y: y.times(p) }),
    loss: ({ x, y }: Pair) => x.times(y).sum(),
    inputs: undefined,
  }
  const changing: Partial<Definition> = {
    step(state: Pair & { a?: Toy }, p: Toy) {
      state.a = state.y.sin()
      state.x = state.x.times(p).plus(state.a)
      state.y = state.y.times(p)
      return { x: state.x, y: state.y }
    },
    loss(state: Pair & { a?: Toy }) {
      state.a = state.x.times(state.y)
      return state.a.sum()
    },
    isDone(state: Partial<Pair>, n: number) {
      delete state.x
      return n === 5
    },
  }
  test('change nothing of the run', async () => {
    const toy = toyLibrary()
    const gradients = [pure, changing].map(async (definition) => {
      const objective = differentiable({ ad: toy, ...definition } as Definition)
      const { value, gradient } = await objective.valueAndGradient({
        initialState: { x: toy.array(1, 2), y: toy.array(0.5, 0.25) },
        params: toy.scalar(0.9),
        schedule: singleMemory(),
        ...(definition.isDone === undefined && { steps: 5 }),
      })
      const { initialState, params } = gradient
      return [value, initialState.x.data, initialState.y.data, params.data]
    })
    const [expected, got] = await Promise.all(gradients)
    expect(got).toEqual(expected)
  })
})

describe('what was released', () => {
  test('by the user', async () => {
    const toy = toyLibrary()
    const [x, p] = [toy.array(1), toy.array(1)]
    toy.release(p)
    const objective = differentiable({ ad: toy, step: (u: Toy) => u.sin(), loss: (u) => u.sum() })
    const call = { schedule: singleMemory(), steps: 3 }
    await expect(objective.valueAndGradient({ initialState: p, ...call })).rejects.toThrow(
      /initialState cannot be used: toy: this array was released/,
    )
    const params = { good: x, gone: p } as never
    await expect(objective.valueAndGradient({ initialState: x, params, ...call })).rejects.toThrow(
      /params\.gone cannot be used/,
    )
    expect(toy.live).toBe(1)
  })
  test('by the run, as an input that is kept', async () => {
    const toy = toyLibrary()
    const kept = toy.array(1)
    const step = (x: Toy, _p: readonly [], i: Toy) => x.times(i)
    const objective = differentiable({ ad: toy, step, loss: (x) => x.sum(), inputs: () => kept })
    const running = objective.valueAndGradient({
      initialState: toy.array(1),
      schedule: singleMemory(),
      steps: 3,
    })
    await expect(running).rejects.toThrow(
      /inputs\(1\) returned an array that cannot be used: toy: this array was released.*Make new arrays each time/,
    )
  })
  test('by isDone', async () => {
    const toy = toyLibrary()
    const isDone = (x: Toy, n: number) => {
      if (n === 2) toy.release(x)
      return n === 5
    }
    const objective = differentiable({ ad: toy, step: (x: Toy) => x.sin(), loss: (x) => x.sum(), isDone })
    const running = objective.valueAndGradient({ initialState: toy.array(1), schedule: singleMemory() })
    await expect(running).rejects.toThrow(/after isDone\(state, 2\), the state cannot be used/)
  })
})

test('the initial state without influence', async () => {
  expect(await outcome({ loss: (x: Toy) => new Toy(x.sum().data, []) })).toMatch(
    /^the objective does not depend on initialState: its gradient is exactly 0.*does not depend on params/,
  )
})

test('parameters without influence: zeros, and a warning that comes once', async () => {
  const toy = toyLibrary()
  const objective = differentiable({
    ad: toy,
    step: (x: Toy, { used }: { used: Toy; unused: Toy }) => x.times(used),
    loss: (x) => x.sum(),
  })
  const call = {
    initialState: toy.array(1, 2),
    params: { used: toy.scalar(2), unused: toy.array(1, 2, 3) },
    schedule: singleMemory(),
    steps: 3,
  }
  const first = await objective.valueAndGradient(call)
  expect(Array.from(first.gradient.params.unused.data)).toEqual([0, 0, 0])
  expect(first.warnings).toEqual([
    expect.stringMatching(/^the objective does not depend on params\.unused: its gradient is exactly 0/),
  ])
  expect((await objective.valueAndGradient(call)).warnings).toEqual([])
})

describe('what is passed', () => {
  const { array } = toyLibrary()
  test.each<[string, object, RegExp]>([
    ['no initial state', { initialState: undefined }, /initialState is missing/],
    ['numbers', { initialState: { u: [1, 2] } }, /initialState\.u\[0\] must be an array of toy.*got 1/],
    [
      'integers',
      { initialState: { u: integer(1) } },
      /initialState\.u is int32, but it is differentiated: use float32 or float64. Pass anything else through inputs/,
    ],
    ['a typed array', { params: Float64Array.of(1) }, /params must be an array of toy/],
    [
      'a Map',
      { params: new Map([['p', array(1)]]) },
      /params must be an array of toy, or a list or plain object of them; got an object of class Map/,
    ],
    [
      'an array of another library',
      {
        initialState: {
          u: new (class Tensor {
            dtype = 'float32'
            shape = []
          })(),
        },
      },
      /initialState\.u must be .*; got an object of class Tensor, which is an array of another library, or of another copy/,
    ],
    [
      'a part of the definition',
      { inputs: () => array(1) },
      /inputs belongs to the definition: pass it to differentiable/,
    ],
    ['an adjoint', { terminalAdjoint: 1 }, /terminalAdjoint follows from the definition; leave it out/],
    [
      'a budget with a disk, and no store',
      { schedule: undefined, budget: { RAM: '1MB', DISK: '1MB' }, families: [multistage], steps: 5 },
      /the budget has a DISK, and there is no store for it: pass stores: \{ DISK: fileStore/,
    ],
    ['neither schedule nor budget', { schedule: undefined }, /schedule or budget is missing/],
    ['both', { budget: '1MB' }, /a schedule or a budget, not both/],
    ['no schedule', { schedule: {} }, /schedule must be a schedule/],
    ['unknown steps', { schedule: singleMemory() }, /the number of steps is unknown; pass steps, or isDone/],
    ['no inputs to differentiate by', { onInputGradient() {} }, /onInputGradient needs inputs\(n\)/],
    [
      'a budget without families',
      { schedule: undefined, budget: '1MB', steps: 5 },
      /families is missing.*families: \[multistage\]/,
    ],
    [
      'a budget without steps',
      { schedule: undefined, budget: '1MB', families: [multistage] },
      /steps is missing.*online/,
    ],
    [
      'a budget that is none',
      { schedule: undefined, budget: {}, families: [multistage], steps: 5 },
      /budget must be bytes/,
    ],
    [
      'a budget that is too small',
      { schedule: undefined, budget: 10, families: [multistage], steps: 5 },
      /no schedule fits the budget of RAM 10 bytes\. The least/,
    ],
  ])('%s', async (_what, call, message) => expect(await outcome({}, call)).toMatch(message))

  test('inputs that change', async () => {
    expect(await outcome({ inputs: (n: number) => new Toy(new Float64Array(n + 1)) })).toMatch(
      /inputs\(\d\) must return arrays of the same types and shapes as inputs\(\d\), but input was float64/,
    )
    expect(await outcome({ inputs: (n: number) => n })).toMatch(/input must be an array of toy/)
    expect(array(1).data.length).toBe(1)
  })

  test.each<[string, object, RegExp]>([
    ['no library', { ad: undefined }, /ad must be a library's adapter: tfjs\(tf\)/],
    ['a module', { ad: { grad() {} } }, /ad must be a library's adapter/],
    ['no step', { step: undefined }, /step is missing/],
    ['no loss', { loss: undefined }, /there is nothing to differentiate/],
    ['a loss that is none', { loss: 3 }, /loss must be a function; got 3/],
    [
      'a mistyped name',
      { input: () => 1 },
      /a definition has no "input"\. Did you mean inputs\? It consists of ad, step/,
    ],
  ])('%s', (_what, part, message) => {
    const definition = { ad: toyLibrary(), step: (x: Toy) => x, loss: (x: Toy) => x.sum(), ...part }
    expect(() => differentiable(definition as never)).toThrow(message)
  })
})
