/** Slips of the caller, of codecs and of stores. */
import { type Codec, memoryStore, type Store } from '@checkpoint-schedules/driver'
import { model, seed, SIZE, type Slip, type SlipRun, start, stepInPlace } from './slip.js'

const asBytes = (u: Float64Array) => new Uint8Array(u.buffer, u.byteOffset, u.byteLength)
const fromBytes = (bytes: Uint8Array) => new Float64Array(bytes.slice().buffer)
const arrays: Codec<Float64Array> = {
  clone: (u) => u.slice(),
  byteLength: (u) => u.byteLength,
  encode: asBytes,
  decode: fromBytes,
}
const later = () => new Promise<void>((resolve) => setImmediate(resolve))
const withCodec = (codec: Codec<any>): SlipRun => ({ model: { codecs: { state: codec, tape: codec } } })

/** An object that is taken for a promise. */
const thenable = () => ({ [['th', 'en'].join('')]: () => 1 })

class Field extends Float64Array {}

/** A state of Node's Buffer. */
function inBuffer(): SlipRun {
  const bufferOf = (u: Float64Array) => Buffer.from(u.slice().buffer)
  const look = (state: Buffer) => Float64Array.from({ length: SIZE }, (_, i) => state.readDoubleLE(8 * i))
  const step = (state: Buffer) => {
    for (const [i, x] of stepInPlace(look(state)).entries()) state.writeDoubleLE(x, 8 * i)
    return state
  }
  return {
    initialState: bufferOf(start()),
    numbers: (value: Buffer | Float64Array) => [...(Buffer.isBuffer(value) ? look(value) : value)],
    model: { step, tape: (state: Buffer) => ({ tape: look(state), state: step(state) }) },
  }
}

/** Handles on buffers that are released once. */
function handles(how: 'tape is state' | 'one seed' | 'right'): SlipRun {
  const device = new Map<number, Float64Array>()
  let last = 0
  const upload = (u: Float64Array) => {
    device.set(++last, u)
    return { id: last }
  }
  type Handle = { readonly id: number }
  const look = ({ id }: Handle) => device.get(id)!
  const codec: Codec<Handle> = {
    clone: (handle) => upload(look(handle).slice()),
    byteLength: (handle) => look(handle).byteLength,
    dispose: ({ id }) => void device.delete(id),
    encode: async (handle) => asBytes(look(handle).slice()),
    decode: async (bytes) => upload(fromBytes(bytes)),
  }
  const step = (state: Handle) => {
    stepInPlace(look(state))
    return state
  }
  const one = upload(seed())
  return {
    initialState: upload(start()),
    terminalAdjoint: how === 'one seed' ? () => one : () => upload(seed()),
    adjoints: 2,
    numbers: (handle: Handle) => [...look(handle)],
    model: {
      step,
      tape(state: Handle) {
        const tape = how === 'tape is state' ? state : codec.clone(state)
        return { tape, state: step(state) }
      },
      adjoint(a: Handle, tape: Handle, n: number) {
        void model.adjoint(look(a), look(tape), n)
        return a
      },
      codecs: { state: codec, tape: codec, adjoint: codec },
    },
  }
}

/** A store that hands out what it holds. */
function careless(inMemory: boolean): Store {
  const store = memoryStore()
  return {
    medium: 'careless',
    inMemory,
    async open(settings) {
      const opened = await store.open(settings)
      const held = new Map<number, unknown>()
      return {
        ...opened,
        put(key, value) {
          held.set(key.step, value)
          return opened.put(key, value)
        },
        get: async ({ step }) => held.get(step),
      }
    },
  }
}

export const otherSlips: Slip[] = [
  {
    value: 'initial state',
    what: 'it is changed at once',
    outcome: 'right',
    make() {
      const initialState = start()
      return { initialState, meanwhile: () => void initialState.fill(7) }
    },
  },
  ...(
    [
      ['a subclass', () => Field.from(start())],
      ['a property', () => Object.assign(start(), { time: 1 })],
      ['a property of a list', () => Object.assign([...start()], { time: 1 })],
      ['a list of a class', () => class extends Array<number> {}.from(start())],
      ['two fields that share memory', () => ((u) => ({ a: u, b: u.subarray(3) }))(start())],
      ['one object in two fields', () => ((u) => ({ a: u, b: u }))([1])],
      [
        'a getter',
        () => ({
          get u() {
            return start()
          },
        }),
      ],
      ['a method then', () => thenable()],
    ] as const
  ).map(([what, initialState]): Slip => ({
    value: "initial state's form",
    what,
    outcome: 'error',
    make: () => ({
      initialState: initialState(),
      model: {
        step: () => expectNoWork(),
        tape: () => expectNoWork(),
      },
    }),
  })),
  { value: 'Buffer of Node', what: 'stepped in place', outcome: 'right', make: inBuffer },
  {
    value: 'terminal adjoint',
    what: 'it is changed while the run is under way',
    outcome: 'error',
    make() {
      const terminalAdjoint = seed()
      return { terminalAdjoint, meanwhile: () => void terminalAdjoint.fill(7) }
    },
  },
  ...(
    [
      ['the final state is returned', () => (u: Float64Array) => u],
      ['the final state is changed', () => (u: Float64Array) => u.fill(3)],
      [
        'one object always',
        () => {
          const one = seed()
          return () => one
        },
      ],
    ] as const
  ).map(([what, make]): Slip => ({
    value: 'made terminal adjoint',
    what,
    outcome: 'right',
    make: () => ({ adjoints: 2, terminalAdjoint: make() }),
  })),
  {
    value: 'observed state',
    what: 'observe changes it',
    outcome: 'error',
    make: () => ({ model: { observe: (u: Float64Array) => void (u[3] = 0) } }),
  },
  ...(
    [
      ['the value itself', { ...arrays, clone: (u: Float64Array) => u }],
      ['a view', { ...arrays, clone: (u: Float64Array) => u.subarray(0) }],
    ] as const
  ).map(([what, codec]): Slip => ({
    value: 'clone of a codec',
    what,
    outcome: 'error',
    make: () => withCodec(codec),
  })),
  {
    value: 'bytes of a codec',
    what: 'a view that dispose overwrites',
    outcome: 'right',
    make: () => withCodec({ ...arrays, dispose: (u) => void u.fill(NaN) }),
  },
  {
    value: 'bytes of a codec',
    what: 'a view that dispose overwrites later',
    outcome: 'right',
    make: () =>
      withCodec({
        ...arrays,
        async dispose(u) {
          await later()
          u.fill(NaN)
        },
      }),
  },
  {
    value: 'bytes of a codec',
    what: 'one scratch array, filled in two parts',
    outcome: 'right',
    make() {
      const scratch = new Float64Array(SIZE)
      return withCodec({
        ...arrays,
        async encode(u) {
          scratch.set(u.subarray(0, 5))
          await later()
          scratch.set(u.subarray(5), 5)
          return asBytes(scratch)
        },
      })
    },
  },
  ...[true, false].map((inMemory): Slip => ({
    value: 'checkpoint',
    what: `get returns what is stored, in memory: ${inMemory}`,
    outcome: 'right or error',
    make: () => ({ store: () => careless(inMemory) }),
  })),
  {
    value: 'value with `dispose`',
    what: 'a tape that is the state',
    outcome: 'error',
    make: () => handles('tape is state'),
  },
  {
    value: 'value with `dispose`',
    what: 'one seed for two calculations',
    outcome: 'right or error',
    make: () => handles('one seed'),
  },
  { value: 'value with `dispose`', what: 'none', outcome: 'right', make: () => handles('right') },
]

function expectNoWork(): never {
  throw new Error('work was done')
}
