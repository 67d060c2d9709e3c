/**
 * When a run is where, if transfers overlap with computation as the driver does it.
 *
 * ```
 * run       |copy|--steps--|copy|--steps--|wait|---adjoint---|
 * DISK           |---write---|  |---write---|--read--|
 *                                           ^ started early, as the next read is known; a buffer was free
 * ```
 *
 * Each write under way, and each value read early, takes one of the buffers; one buffer is left to the writes. A write waits until there
 * is a buffer. A read that was not started early waits for the store without one. A read or a Discard waits for the write of the same
 * checkpoint, and no read is started early before a Discard that comes first.
 */
import { type Action, type ActionPrice, isCheckpointStorage } from '@checkpoint-schedules/core'
import type { Lookahead } from './lookahead.js'
import type { Machine } from './machine.js'
import type { Prices } from './prices.js'
import { type EarlyRead, SlowStorage } from './slow-storage.js'

type Load = Extract<Action, { type: 'Copy' | 'Move' }>
type Discard = Extract<Action, { type: 'Discard' }>

interface Write {
  readonly storage: string
  readonly step: number
  readonly end: number
}

export interface OverlapSettings {
  readonly prices: Prices
  /** In their place, where steps are unequal: what each action costs. */
  readonly priceOf?: ((action: Action, end: number) => ActionPrice) | undefined
  readonly buffers: number
  readonly isInMemory: (storage: string) => boolean
}

export class Overlap {
  // The run's clock.
  #now = 0
  readonly #settings: OverlapSettings
  readonly #storages = new Map<string, SlowStorage>()
  // Writes under way, the first to end first.
  readonly #writes: Write[] = []
  readonly #early = new Map<Load, EarlyRead>()
  // The next read to start early, if it cannot start yet; or the Discard before it.
  #candidate: Load | Discard | undefined
  readonly #isSlow: (action: Action) => boolean

  constructor(settings: OverlapSettings) {
    this.#settings = settings
    this.#isSlow = (action) =>
      isLoad(action)
        ? !settings.isInMemory(action.from)
        : action.type === 'Discard' && !settings.isInMemory(action.storage)
  }

  /** When all is done, writes under way included. */
  get end(): number {
    return this.#writes.reduce((end, write) => Math.max(end, write.end), this.#now)
  }

  /** The run carries out an action, which takes this many steps. */
  perform(action: Action, steps: number): void {
    const { prices, priceOf } = this.#settings
    if (action.type === 'Forward') {
      const { n0, writeIcs, writeAdjDeps, storage } = action
      const own = priceOf?.(action, Infinity)
      const inStore = isCheckpointStorage(storage)
      if (writeIcs && inStore) {
        this.#now += prices.copy
        this.#write(storage, n0, own?.transfer ?? prices.write[storage] ?? 0)
      }
      this.#now += own?.steps ?? steps * (writeAdjDeps ? prices.tapedStep : prices.forwardStep)
      if (writeAdjDeps && inStore) this.#write(storage, n0, own?.transfer ?? prices.writeTape[storage] ?? 0)
    } else if (action.type === 'Reverse')
      this.#now += priceOf?.(action, Infinity).steps ?? steps * prices.adjointStep
    else if (action.type === 'Discard') this.#discard(action)
    else if (isLoad(action)) this.#read(action)
  }

  /** Starts the reads that come next, while there are buffers. */
  readAhead(future: Lookahead, machine: Machine): void {
    const { buffers } = this.#settings
    if (this.#storages.size === 0 || buffers < 2) return
    this.#endWrites()
    while (this.#early.size < buffers - 1 && this.#early.size + this.#writes.length < buffers) {
      this.#candidate ??= future.search(this.#isSlow) as Load | Discard | undefined
      const next = this.#candidate
      if (next === undefined || next.type === 'Discard') return
      const isHeld = machine.storages.get(next.from)?.held.has(next.n) === true
      if (!isHeld || this.#isReading(next)) return // not written yet, or in use
      this.#candidate = undefined
      const storage = this.#storage(next.from)
      this.#early.set(
        next,
        storage.readEarly(this.#now, this.#written(next.from, next.n), this.#readCost(next)),
      )
    }
  }

  #write(name: string, step: number, cost: number): void {
    const { buffers, isInMemory } = this.#settings
    if (isInMemory(name)) {
      this.#now += cost
      return
    }
    this.#endWrites()
    while (this.#writes.length >= Math.max(1, buffers - this.#early.size)) {
      this.#now = this.#writes[0]!.end
      this.#endWrites()
    }
    const end = this.#storage(name).transfer(this.#now, cost)
    if (buffers === 0) {
      this.#now = end
      return
    }
    let i = this.#writes.length
    while (i > 0 && this.#writes[i - 1]!.end > end) i--
    this.#writes.splice(i, 0, { storage: name, step, end })
  }

  #read(load: Load): void {
    const { prices, isInMemory } = this.#settings
    const cost = this.#readCost(load)
    if (isInMemory(load.from)) {
      this.#now += cost + (load.type === 'Copy' ? prices.copy : 0)
      return
    }
    if (this.#candidate === load) this.#candidate = undefined
    const storage = this.#storage(load.from)
    const early = this.#early.get(load)
    if (early === undefined) this.#now = storage.transfer(this.#written(load.from, load.n), cost)
    else {
      this.#early.delete(load)
      this.#now = Math.max(this.#now, storage.endOf(early))
    }
  }

  #discard(discard: Discard): void {
    if (this.#candidate === discard) this.#candidate = undefined
    this.#now = this.#written(discard.storage, discard.n)
  }

  #readCost(load: Load): number {
    const { from, to } = load
    const { prices, priceOf } = this.#settings
    if (priceOf !== undefined) return priceOf(load, Infinity).transfer
    const { read, readTape } = prices
    return (to === 'ADJ_DEPS' ? readTape : read)[from] ?? 0
  }

  /** When the checkpoint is there to be read, from now on. */
  #written(name: string, n: number): number {
    const write = this.#writes.find(({ storage, step }) => step === n && storage === name)
    return write === undefined ? this.#now : Math.max(this.#now, write.end)
  }

  /** Whether the same checkpoint is read early already. */
  #isReading({ from, n }: Load): boolean {
    for (const early of this.#early.keys()) if (early.n === n && early.from === from) return true
    return false
  }

  #endWrites(): void {
    let ended = 0
    while (ended < this.#writes.length && this.#writes[ended]!.end <= this.#now) ended++
    if (ended > 0) this.#writes.splice(0, ended)
  }

  #storage(name: string): SlowStorage {
    let storage = this.#storages.get(name)
    if (storage === undefined) this.#storages.set(name, (storage = new SlowStorage()))
    return storage
  }
}

function isLoad(action: Action): action is Load {
  return action.type === 'Copy' || action.type === 'Move'
}
