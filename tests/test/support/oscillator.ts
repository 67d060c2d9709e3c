/** A small nonlinear model with a parameter, whose steps overwrite their arguments, and that counts what is alive. */
import type { Awaitable, Codec, Model } from '@checkpoint-schedules/driver'

/** A handle on data that must be released, like a GPU buffer. */
export interface Handle<T> {
  data: T | undefined
}

export interface State {
  x: number
  v: number
}

export interface Adjoint extends State {
  /** The gradient with respect to the stiffness. */
  stiffness: number
}

/** Counts the handles that are alive. */
export class Live {
  count = 0
  most = 0

  make<T>(data: T): Handle<T> {
    this.count += 1
    this.most = Math.max(this.most, this.count)
    return { data }
  }

  release(handle: Handle<unknown>): void {
    if (handle.data === undefined) throw new Error('a handle was released twice')
    handle.data = undefined
    this.count -= 1
  }
}

export const initialState: State = { x: 1, v: 0.5 }
const H = 0.05

/** What may be watched or made to fail. */
export interface Settings {
  readonly stiffness?: number
  /** Called at the beginning of each function; may throw. */
  readonly on?: (phase: 'step' | 'tape' | 'adjoint', n: number) => void
  /** Every function returns a promise. */
  readonly async?: boolean
}

function stepInPlace(state: State, stiffness: number): State {
  const { x, v } = state
  state.x = x + H * v
  state.v = v - H * stiffness * (x + x * x * x)
  return state
}

/** x' = v, v' = -k (x + x³), by explicit Euler; plain states, stepped in place. */
export function oscillator({ stiffness = 2, on, async = false }: Settings = {}): Model<
  State,
  State,
  Adjoint
> {
  const out = <T>(value: T): Awaitable<T> => (async ? Promise.resolve(value) : value)
  const linear = (x: number) => stiffness * (1 + 3 * x * x)
  return {
    step(state, n) {
      on?.('step', n)
      return out(stepInPlace(state, stiffness))
    },
    tape(state, n) {
      on?.('tape', n)
      const tape = { ...state }
      return out({ state: stepInPlace(state, stiffness), tape })
    },
    tangent: (d, { x }) => ({
      x: d.x + H * d.v,
      v: d.v - H * linear(x) * d.x - H * (x + x * x * x) * d.stiffness,
      stiffness: d.stiffness,
    }),
    adjoint(a, { x }, n) {
      on?.('adjoint', n)
      return out({
        x: a.x - H * linear(x) * a.v,
        v: a.v + H * a.x,
        stiffness: a.stiffness - H * (x + x * x * x) * a.v,
      })
    },
  }
}

/** The same model with handles for everything, async codecs, and a count of what is alive. */
export function handled(live: Live, settings: Settings = {}) {
  const plain = oscillator(settings)
  const codec = <T extends object>(): Codec<Handle<T>> => ({
    clone: async (handle) => live.make({ ...read(handle) }),
    byteLength: () => 16,
    dispose: (handle) => live.release(handle),
    encode: async (handle) => new TextEncoder().encode(JSON.stringify(read(handle))),
    decode: async (bytes) => live.make(JSON.parse(new TextDecoder().decode(bytes)) as T),
  })
  const read = <T>(handle: Handle<T>): T => {
    if (handle.data === undefined) throw new Error('a released handle was read')
    return handle.data
  }
  const model: Model<Handle<State>, Handle<State>, Handle<Adjoint>> = {
    async step(state, n) {
      const data = await plain.step({ ...read(state) }, n)
      live.release(state)
      return live.make(data)
    },
    async tape(state, n) {
      const { state: next, tape } = await plain.tape({ ...read(state) }, n)
      live.release(state)
      return { state: live.make(next), tape: live.make(tape) }
    },
    async adjoint(adjoint, tape, n) {
      adjoint.data = await plain.adjoint(read(adjoint), read(tape), n)
      return adjoint
    },
    codecs: { state: codec<State>(), tape: codec<State>(), adjoint: codec<Adjoint>() },
  }
  return model
}
