/** Whether there is room for what a step needs while it is taken: working bytes and checkpoints in RAM, at each action. */
import type { Chain } from './chain.js'

/** What is possible with m bytes free at step i. */
export interface RoomAt {
  /** Whether step i may be taken and its tape kept in RAM; the adjoint stands at j. */
  keepRam(j: number): boolean
  keepDisk(j: number): boolean
  /** The last k < j that the forward may reach after storing restart data of i; i if there is none. */
  lastAfterRam(j: number): number
  lastAfterDisk(j: number): number
}

const everywhere: RoomAt = {
  keepRam: () => true,
  keepDisk: () => true,
  lastAfterRam: (j) => j - 1,
  lastAfterDisk: (j) => j - 1,
}

/** Room in a chain. Without working bytes only checkpoints count, and those are levels. */
export class Room {
  readonly #chain: Chain
  #most = new Float64Array() // of u_i … u_{k-1}, by k
  #i = -1

  constructor(chain: Chain) {
    this.#chain = chain
  }

  of(m: number, i: number): RoomAt {
    const { hasWorking, a, d, u, v, z, e, steps } = this.#chain
    if (!hasWorking) return everywhere
    if (this.#i !== i) {
      const most = new Float64Array(steps + 1)
      for (let k = i + 1; k <= steps; k++) most[k] = Math.max(most[k - 1]!, u[k - 1]!)
      this.#most = most
      this.#i = i
    }
    const most = this.#most
    // The last k < j up to which every forward step fits.
    const last = (j: number, free: number) => {
      let [low, high] = [i, j - 1]
      while (low < high) {
        const k = (low + high + 1) >> 1
        if (most[k]! + e[j]! <= free) low = k
        else high = k - 1
      }
      return low
    }
    return {
      keepRam: (j) => m >= z[i]! && m - d[i]! >= u[i]! + e[j]!,
      keepDisk: (j) => m >= z[i]! && m >= v[i]! + e[j]!,
      lastAfterRam: (j) => last(j, m - a[i]!),
      lastAfterDisk: (j) => last(j, m),
    }
  }
}
