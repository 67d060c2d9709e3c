/** Values that must be released, like GPU buffers, and a count of those alive. */
import type { Codec } from '@checkpoint-schedules/model'

/** A value that is alive until its data is gone. */
export interface Handle {
  data: number | undefined
}

/** Makes handles, and a codec for them that counts, and that can be made to fail. */
export class Handles {
  alive = 0
  /** While this is set, the codec's work throws it. */
  fault: Error | undefined

  make(data: number): Handle {
    this.alive += 1
    return { data }
  }

  release(handle: Handle): void {
    if (handle.data === undefined) throw new Error('disposed of one value twice')
    handle.data = undefined
    this.alive -= 1
  }

  read(handle: Handle): number {
    if (handle.data === undefined) throw new Error('used a value after it was disposed of')
    return handle.data
  }

  readonly codec: Codec<unknown> = {
    clone: async (value) => this.make(this.#working(value as Handle)),
    byteLength: () => 8,
    dispose: (value) => this.release(value as Handle),
    encode: async (value) => new Uint8Array(Float64Array.of(this.#working(value as Handle)).buffer),
    decode: async (bytes) => {
      this.#fail()
      return this.make(new DataView(bytes.slice().buffer).getFloat64(0, true))
    },
  }

  #fail(): void {
    if (this.fault !== undefined) throw this.fault
  }

  #working(handle: Handle): number {
    this.#fail()
    return this.read(handle)
  }
}
