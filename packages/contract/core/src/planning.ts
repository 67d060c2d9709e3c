/** Making a plan: all at once when it is needed, or in slices before. */
import { macrotask } from './macrotask.js'
import { atOnce, inPieces, type Pieces } from './pieces.js'

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
  readonly #begin: () => Plan | Pieces<Plan>
  #underWay: Pieces<Plan> | undefined
  #made: { readonly plan: Plan } | undefined
  #fraction = 0

  /** @param begin - Makes the plan, at once or in pieces. Called when it is needed. */
  constructor(begin: () => Plan | Pieces<Plan>) {
    this.#begin = begin
  }

  /** The plan; what is left to do is done first. */
  get plan(): Plan {
    if (this.#made === undefined) atOnce(this.inPieces())
    return this.#made!.plan
  }

  /** What is left to do. If a caller stops early, the next one continues there. */
  *inPieces(): Pieces<void> {
    while (this.#made === undefined) {
      const underWay = this.#underWay ?? inPieces(this.#begin())
      this.#underWay = undefined // if it throws, the next try starts over
      const piece = underWay.next()
      if (piece.done === true) {
        this.#made = { plan: piece.value }
        return
      }
      this.#underWay = underWay
      this.#fraction = piece.value ?? this.#fraction
      yield this.#fraction
    }
  }

  /** Makes the plan in slices, the first one at once; `undefined` if it is made then. */
  prepare(options: PrepareOptions = {}): Promise<void> | undefined {
    options.signal?.throwIfAborted()
    return this.#isMadeWithinSlice() ? undefined : this.#continue(options)
  }

  async #continue({ signal, onProgress }: PrepareOptions): Promise<void> {
    do {
      onProgress?.(this.#fraction)
      await macrotask()
      signal?.throwIfAborted()
    } while (!this.#isMadeWithinSlice())
  }

  #isMadeWithinSlice(): boolean {
    const since = performance.now()
    const work = this.inPieces()
    while (work.next().done !== true) if (performance.now() - since >= SLICE) return false
    return true
  }
}
