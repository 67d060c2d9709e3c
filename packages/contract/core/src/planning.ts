/** Making a plan: all at once when it is needed, or in slices before. */

/** How a plan is made in slices. */
export interface PrepareOptions {
  /** Aborts the planning: `prepare` rejects with the signal's reason. A later call continues. */
  readonly signal?: AbortSignal | undefined
  /** Called after each slice with the part that is done, 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined
}

/** The longest stretch of planning without a turn of the event loop, in milliseconds. */
const SLICE = 20

export class Planning<Plan> {
  readonly #begin: () => Plan | Generator<number, Plan, void>
  #underWay: Generator<number, Plan, void> | undefined
  #made: { readonly plan: Plan } | undefined

  /** @param begin - Makes the plan, or yields the part that is done now and then and returns it. Called when it is needed. */
  constructor(begin: () => Plan | Generator<number, Plan, void>) {
    this.#begin = begin
  }

  /** The plan; what is left to do is done first. */
  get plan(): Plan {
    while (this.#made === undefined) this.#advance()
    return this.#made.plan
  }

  /** Makes the plan in slices, the first one at once; `undefined` if it is made then. */
  prepare(options: PrepareOptions = {}): Promise<void> | undefined {
    options.signal?.throwIfAborted()
    const fraction = this.#slice()
    return this.#made === undefined ? this.#continue(fraction, options) : undefined
  }

  async #continue(fraction: number, { signal, onProgress }: PrepareOptions): Promise<void> {
    while (this.#made === undefined) {
      onProgress?.(fraction)
      await new Promise((resolve) => setTimeout(resolve))
      signal?.throwIfAborted()
      fraction = this.#slice()
    }
  }

  /** Plans for a while; returns the part that is done. */
  #slice(): number {
    const since = performance.now()
    let fraction = 1
    while (this.#made === undefined) {
      fraction = this.#advance()
      if (performance.now() - since >= SLICE) break
    }
    return fraction
  }

  /** Goes on to the next yield; returns the part that is done. */
  #advance(): number {
    const begun = this.#underWay ?? this.#begin()
    if (!isGenerator(begun)) {
      this.#made = { plan: begun }
      return 1
    }
    this.#underWay = undefined // if it throws, the next try starts over
    const { done, value } = begun.next()
    if (done === true) {
      this.#made = { plan: value }
      return 1
    }
    this.#underWay = begun
    return value
  }
}

function isGenerator<Plan>(
  begun: Plan | Generator<number, Plan, void>,
): begun is Generator<number, Plan, void> {
  return (
    typeof begun === 'object' &&
    begun !== null &&
    Symbol.iterator in begun &&
    typeof (begun as Partial<Generator>).next === 'function'
  )
}
