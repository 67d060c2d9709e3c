/** The values of a measurement that are alive: each is released once, also when the model fails or the user aborts. */
import type { Codec } from '@checkpoint-schedules/model'

interface Held {
  readonly value: unknown
  readonly codec: Codec<any>
}

export class HeldValues {
  readonly #held = new Set<Held>()

  /** Takes a value over. */
  keep<T>(value: T, codec: Codec<T>): T {
    if (codec.dispose !== undefined) this.#held.add({ value, codec })
    return value
  }

  /** Hands it over to whoever owns it from now on. */
  give<T>(value: T): T {
    for (const held of this.#held)
      if (held.value === value) {
        this.#held.delete(held)
        break
      }
    return value
  }

  /** Releases it. */
  async release<T>(value: T, codec: Codec<T>): Promise<void> {
    this.give(value)
    await codec.dispose?.(value)
  }

  async releaseAll(): Promise<void> {
    for (const { value, codec } of this.#held) await this.release(value, codec)
  }
}
