/** Slips of a model's author: states, tapes and adjoints that share memory. */
import { model, seed, SIZE, type Slip, start, stepInPlace, stepped } from './slip.js'

const { tape: copying, adjoint } = model

interface Levels {
  readonly now: Float64Array
  readonly before: Float64Array
}

/** The tape is made by `how`, which returns it with the state. */
const taping =
  (how: () => (u: Float64Array) => { state: unknown; tape: unknown }, rest: object = {}) =>
  () => ({
    model: { tape: how(), ...rest } as object,
  })

const adjointOf = (field: (tape: any) => Float64Array) => (a: Float64Array, tape: unknown) =>
  adjoint(a, field(tape), 0)

/** Arrays that are handed out by turns. */
function turns(count: number, values = SIZE): () => Float64Array {
  const arrays = Array.from({ length: count }, () => new Float64Array(values))
  let next = 0
  return () => arrays[next++ % count]!
}

function filled(array: Float64Array, from: ArrayLike<number>): Float64Array {
  array.set(from)
  return array
}

export const modelSlips: Slip[] = [
  {
    value: 'state in model memory',
    what: 'one array for all states',
    outcome: 'right',
    make() {
      const own = new Float64Array(SIZE)
      const step = (u: Float64Array) => stepInPlace(u === own ? u : filled(own, u))
      return { model: { step, tape: (u) => ({ tape: u.slice(), state: step(u) }) } }
    },
  },
  {
    value: 'state in model memory',
    what: 'states and tapes in one WebAssembly memory, each tape in a place of its own',
    outcome: 'right',
    make() {
      const { buffer } = new WebAssembly.Memory({ initial: 4 })
      let free = 8 * SIZE
      const place = () => new Float64Array(buffer, free, SIZE)
      const step = (u: Float64Array) => stepInPlace(filled(new Float64Array(buffer, 0, SIZE), u.slice()))
      return {
        model: {
          step,
          tape(u) {
            const tape = filled(place(), u)
            free += 8 * SIZE
            return { tape, state: step(u) }
          },
        },
      }
    },
  },
  {
    value: 'tape',
    what: 'it is the state',
    outcome: 'error',
    make: taping(() => (u) => ({ tape: u, state: stepInPlace(u) })),
  },
  {
    value: 'tape',
    what: 'it is a view of the state',
    outcome: 'error',
    make: taping(() => (u) => ({ tape: u.subarray(0), state: stepInPlace(u) })),
  },
  {
    value: 'tape',
    what: 'the state is in it',
    outcome: 'error',
    make: taping(() => (u) => ({ tape: { list: [u] }, state: stepInPlace(u) }), {
      adjoint: adjointOf(({ list }) => list[0] as Float64Array),
    }),
  },
  ...[stepped, stepInPlace].map((step): Slip => ({
    value: 'tape',
    what: `it is the new state of an implicit step${step === stepped ? '' : ', which the next step overwrites'}`,
    outcome: step === stepped ? 'right' : 'right or error',
    make() {
      const implicit = (copy: (u: Float64Array) => Float64Array) => ({
        step,
        tape(u: Float64Array) {
          const state = step(u)
          return { tape: copy(state), state }
        },
        adjoint,
      })
      return { model: implicit((u) => u), reference: implicit((u) => u.slice()) }
    },
  })),
  {
    value: 'tape',
    what: 'the old state of a two-step method, of which the new state has a part',
    outcome: 'right',
    make() {
      const step = ({ now, before }: Levels) => ({
        now: now.map((x, i) => x + 0.1 * before[i]! ** 2),
        before: now,
      })
      const levels = (u: Float64Array) => ({ now: u, before: u.slice() })
      const twoSteps = {
        step,
        tape: (state: Levels) => ({ tape: state, state: step(state) }),
        adjoint: (a: Levels, { before }: Levels) => ({
          now: a.now.map((x, i) => x + a.before[i]!),
          before: a.now.map((x, i) => 0.2 * before[i]! * x),
        }),
      }
      return {
        initialState: levels(start()),
        terminalAdjoint: levels(seed()),
        numbers: ({ now, before }: Levels) => [...now, ...before],
        model: twoSteps,
        reference: twoSteps,
      }
    },
  },
  {
    value: 'tape',
    what: 'a small state is in it',
    outcome: 'error',
    make: () => ({
      initialState: Float64Array.of(0.3),
      terminalAdjoint: Float64Array.of(1),
      model: { tape: (u: Float64Array) => ({ tape: u.subarray(0), state: stepInPlace(u) }) },
    }),
  },
  ...[1, 2, 3].map((count): Slip => ({
    value: 'tape in model memory',
    what: `${count} arrays for all tapes`,
    outcome: 'error',
    make: taping(() => {
      const next = turns(count)
      return (u) => ({ tape: filled(next(), u), state: stepInPlace(u) })
    }),
  })),
  {
    value: 'tape in model memory',
    what: 'views of one array, made anew for each tape, in an object',
    outcome: 'error',
    make: taping(
      () => {
        const own = new Float64Array(SIZE)
        return (u) => ({ tape: { u: filled(own.subarray(0), u), n: 1 }, state: stepInPlace(u) })
      },
      { adjoint: adjointOf((tape) => tape.u) },
    ),
  },
  {
    value: 'tape in model memory',
    what: 'one place in a WebAssembly memory for all tapes',
    outcome: 'error',
    make: taping(() => {
      const { buffer } = new WebAssembly.Memory({ initial: 1 })
      return (u) => ({ tape: filled(new Float64Array(buffer, 64, SIZE), u), state: stepInPlace(u) })
    }),
  },
  ...[2, 3].map((count): Slip => ({
    value: 'old state as tape',
    what: `states in ${count} arrays by turns`,
    outcome: 'right or error',
    make() {
      const next = turns(count)
      const step = (u: Float64Array) => {
        const values = stepped(u)
        return filled(next(), values)
      }
      return { model: { step, tape: (u) => ({ tape: u, state: step(u) }) } }
    },
  })),
  {
    value: 'old state as tape',
    what: 'a step that leaves the old state alone',
    outcome: 'right',
    make: () => ({ model: { step: stepped, tape: (u) => ({ tape: u, state: stepped(u) }) } }),
  },
  {
    value: 'constant in a tape',
    what: 'all tapes share it',
    outcome: 'right',
    make: taping(
      () => {
        const constant = { half: new Float64Array(SIZE).fill(0.5) }
        return (u) => ({ tape: { u: u.slice(), constant }, state: stepInPlace(u) })
      },
      { adjoint: adjointOf(({ u, constant }) => u.map((x: number, i: number) => 2 * x * constant.half[i])) },
    ),
  },
  {
    value: 'tape while it is used',
    what: 'the adjoint writes to it',
    outcome: 'right or error',
    make: () => ({
      adjoints: 2,
      model: {
        adjoint(a: Float64Array, u: Float64Array, n: number) {
          const made = adjoint(a, u, n)
          u.fill(0)
          return made
        },
      },
    }),
  },
  {
    value: 'adjoint',
    what: 'it is the tape',
    outcome: 'error',
    make: () => ({
      model: {
        adjoint(a: Float64Array, u: Float64Array) {
          for (let i = 0; i < a.length; i++) u[i] = a[i]! * (1 + u[i]! / 5)
          return u
        },
      },
    }),
  },
  ...[undefined, new Map(), Promise.resolve(1), new Date(), () => 1].map((returned): Slip => ({
    value: 'adjoint',
    what: `${Object.prototype.toString.call(returned)} is returned`,
    outcome: 'error',
    make: () => ({
      model: {
        adjoint: (a: Float64Array, u: Float64Array, n: number) => {
          const made = adjoint(a, u, n)
          // A promise in the place of the value that it stands for; awaiting it is the driver's own.
          return n === 0 ? (returned instanceof Promise ? [returned] : returned) : made
        },
      },
    }),
  })),
  {
    value: 'adjoint in the model',
    what: 'one array for all',
    outcome: 'right',
    make() {
      const own = new Float64Array(SIZE)
      return {
        adjoints: 2,
        terminalAdjoint: () => seed(),
        model: {
          adjoint: (a: Float64Array, u: Float64Array, n: number) =>
            filled(own, adjoint(a, u, n) as Float64Array),
        },
      }
    },
  },
  ...(['step', 'tape'] as const).map((phase): Slip => ({
    value: 'state',
    what: `${phase} returns no state at the last step`,
    outcome: 'right or error',
    make: () => ({
      model: {
        step: (u: Float64Array, n: number) => (phase === 'step' && n === 18 ? undefined : stepInPlace(u)),
        tape: (u: Float64Array, n: number) => {
          const taped = copying(u, n) as { state: Float64Array; tape: Float64Array }
          return phase === 'tape' && n === 19 ? { ...taped, state: undefined } : taped
        },
      },
    }),
  })),
  {
    value: 'state',
    what: 'two of its fields share memory',
    outcome: 'error',
    make: () => ({
      initialState: { a: start(), b: start() },
      model: {
        tape: ({ a }: any) => ({ tape: a.slice() as Float64Array, state: { a, b: a } }),
        step: ({ a }: any) => ({ a, b: a }),
      },
    }),
  },
  {
    value: 'state',
    what: 'an asynchronous step in a synchronous tape',
    outcome: 'error',
    make: () => ({
      model: {
        step: async (u: Float64Array) => stepInPlace(u),
        tape: (u: Float64Array) => ({ tape: u.slice(), state: Promise.resolve(stepInPlace(u)) }),
      },
    }),
  },
  {
    value: 'state',
    what: 'tape returns nothing',
    outcome: 'error',
    make: () => ({ model: { tape: () => undefined as never } }),
  },
  {
    value: 'state',
    what: 'its memory was handed to another thread',
    outcome: 'error',
    make: () => ({
      model: {
        tape: (u: Float64Array, n: number) => {
          const taped = copying(u, n)
          structuredClone(u, { transfer: [u.buffer] })
          return taped
        },
      },
    }),
  },
]
