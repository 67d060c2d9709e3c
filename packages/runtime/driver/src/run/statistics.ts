/** What a run did: counts from the abstract machine, bytes and times from the driver. */
import type { JournalStatistics } from '@checkpoint-schedules/model'
import type { ReplayStatistics } from '../replay/index.js'

/** What one checkpoint storage saw. */
export interface StorageStatistics {
  /** What served it: `memory`, `files`, … */
  readonly medium: string
  readonly writes: number
  readonly reads: number
  /** Checkpoints deleted unread. */
  readonly discards: number
  /** Most checkpoints held at once. */
  readonly peakCheckpoints: number
  /** Most bytes held at once. */
  readonly peakBytes: number
}

/** What a run did. */
export interface RunStatistics {
  /** N. */
  readonly steps: number
  /** Forward steps in all, taped ones included. */
  readonly forwardSteps: number
  readonly adjointSteps: number
  /** Forward steps over N. */
  readonly recomputeFactor: number
  /** By checkpoint storage. */
  readonly storages: Readonly<Record<string, StorageStatistics>>
  /** Tapes in working storage: most at once, and their bytes. */
  readonly tapes: { readonly peak: number; readonly peakBytes: number }
  /** Most transfers to and from slow stores under way at once; each takes the memory of a state or tape. */
  readonly buffers: { readonly peak: number }
  /** The largest state, tape and adjoint seen, in bytes. */
  readonly stateBytes: number
  readonly tapeBytes: number
  readonly adjointBytes: number
  /** Most bytes in memory at once: checkpoints there, buffers, working state, tapes, adjoints and the final state. */
  readonly peakLiveBytes: number
  /** What the journal cost; absent where there is none. */
  readonly journal?: JournalStatistics
  /** What `checkReplay` saw; absent where it was not asked for. */
  readonly replay?: ReplayStatistics
  /** Milliseconds: plain steps, taped steps, adjoint steps, checkpoints, and everything. */
  readonly timeMs: {
    readonly forward: number
    readonly tape: number
    readonly adjoint: number
    readonly storage: number
    readonly total: number
  }
}

/** Counts things that come and go. */
export class Meter {
  live = 0
  peak = 0
  largest = 0

  add(amount: number): void {
    this.live += amount
    if (this.live > this.peak) this.peak = this.live
    if (amount > this.largest) this.largest = amount
  }

  remove(amount: number): void {
    this.live -= amount
  }
}
