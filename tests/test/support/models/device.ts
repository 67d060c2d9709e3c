/**
 * A make-believe GPU: states, tapes and adjoints are handles on buffers that only the device sees, each must be released once, and
 * reading one back takes a while.
 */
import { type Codec, type Model, treeCodec } from '@checkpoint-schedules/driver'
import type { AnyExample, Example } from './example.js'

/** A buffer on the device. */
export interface Handle {
  readonly id: number
}

/** Buffers by handle; using one that was released, or releasing it twice, is an error. */
class Device {
  readonly buffers = new Map<number, unknown>()
  #last = 0

  make(value: unknown): Handle {
    this.#last += 1
    this.buffers.set(this.#last, value)
    return { id: this.#last }
  }

  look(handle: Handle): unknown {
    if (!this.buffers.has(handle.id)) throw new Error(`buffer ${handle.id} was released, and is used`)
    return this.buffers.get(handle.id)
  }

  take(handle: Handle): unknown {
    const value = this.look(handle)
    this.buffers.delete(handle.id)
    return value
  }
}

const later = () => new Promise<void>((resolve) => setImmediate(resolve))

/** An example of plain values, on a device. */
export function onDevice(plain: AnyExample): Example<Handle, Handle, Handle> {
  const device = new Device()
  const codec: Codec<Handle> = {
    clone: (handle) => device.make(treeCodec.clone(device.look(handle))),
    byteLength: (handle) => treeCodec.byteLength(device.look(handle)),
    dispose: (handle) => void device.take(handle),
    async encode(handle) {
      await later()
      return treeCodec.encode(device.look(handle))
    },
    async decode(bytes) {
      await later()
      return device.make(await treeCodec.decode(bytes))
    },
  }
  const { step, tape, adjoint, isDone, fingerprint } = plain.model
  const model: Model<Handle, Handle, Handle> = {
    step: async (state, n) => device.make(await step(device.take(state), n)),
    async tape(state, n) {
      const taped = await tape(device.take(state), n)
      return { state: device.make(taped.state), tape: device.make(treeCodec.clone(taped.tape)) }
    },
    adjoint: async (a, taped, n) => device.make(await adjoint(device.take(a), device.look(taped), n)),
    codecs: { state: codec, tape: codec, adjoint: codec },
    fingerprint: `${fingerprint} on a device`,
  }
  if (isDone !== undefined) model.isDone = (state, n) => isDone(device.look(state), n)
  const initialState = device.make(plain.initialState)
  return {
    model,
    initialState,
    terminalAdjoint: async (state, k) => device.make(await plain.terminalAdjoint(device.look(state), k)),
    steps: plain.steps,
    plain: (handle) => device.take(handle),
    alive: () => device.buffers.size - 1, // without the initial state
  }
}
