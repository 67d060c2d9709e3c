/** What each checkpoint storage holds and has seen. */
import type { CheckpointKind } from '@checkpoint-schedules/core'

/** What one storage has seen so far. */
export interface StorageUse {
  /** Checkpoints held now: what each step's holds. */
  readonly held: ReadonlyMap<number, CheckpointKind>
  readonly writes: number
  readonly reads: number
  readonly discards: number
  /** Writes and reads of dependency data among them. */
  readonly tapeWrites: number
  readonly tapeReads: number
  /** Copies among the reads: the others are Moves. */
  readonly copies: number
  /** Most checkpoints held at once so far. */
  readonly peak: number
}

/** How many checkpoints storages may hold. */
export interface StorageLimits {
  /** Most checkpoints held at once, by storage: `null` is unbounded. */
  readonly limits?: Readonly<Record<string, number | null>> | undefined
  /** Whether a storage that `limits` does not name is never used, as in a manifest, or unbounded. By default the latter. */
  readonly limitsAreComplete?: boolean
}

export class Storage implements StorageUse {
  readonly held = new Map<number, CheckpointKind>()
  writes = 0
  reads = 0
  discards = 0
  tapeWrites = 0
  tapeReads = 0
  copies = 0
  peak = 0
  readonly name: string
  readonly limit: number

  constructor(name: string, { limits, limitsAreComplete }: StorageLimits) {
    this.name = name
    const named = limits !== undefined && Object.hasOwn(limits, name)
    if (named) this.limit = limits[name] ?? Infinity
    else this.limit = limits !== undefined && limitsAreComplete ? 0 : Infinity
  }

  write(step: number, kind: CheckpointKind): void {
    this.held.set(step, kind)
    this.writes += 1
    if (kind === 'dependency') this.tapeWrites += 1
    if (this.held.size > this.peak) this.peak = this.held.size
  }

  /** Some of the steps held, as text. */
  get steps(): string {
    const shown = Array.from({ length: Math.min(8, this.held.size) })
    const steps = this.held.keys()
    const text = shown.map(() => steps.next().value).join(', ')
    return this.held.size > shown.length ? `${text}, …` : text
  }
}
