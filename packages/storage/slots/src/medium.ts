/** What lies below the slots and the journal: the files of a system, or of a browser. */
import type { Done, Request } from './protocol.js'

/** 32 bits from `bytes`, and from those of the bytes before them. */
export type Checksum = (bytes: Uint8Array, before?: number) => number

/** What the shared logic cannot know of the files below it. */
export interface Medium {
  /** How errors name them. */
  readonly words: {
    /** The package, such as `storage-fs`. */
    readonly package: string
    /** The function that makes a store, such as `fileStore`. */
    readonly store: string
    /** The function that makes a journal, such as `fileJournal`. */
    readonly journal: string
    /** What a run is given to keep its files apart: `directory`, or `name`. */
    readonly place: string
    /** The function that removes a journal, such as `cleanDirectory`. */
    readonly remove: string
    /** What to do about a damaged checkpoint; by default what helps with files on a disk. */
    readonly damage?: string
  }
  /** The checksum of checkpoints and values. */
  readonly checksum: Checksum
  /** What to do about an error of the system with this code. */
  readonly advice: (code: string | undefined) => string
  /** Whether the system failed to read, and may succeed later. Otherwise the data are damaged. */
  readonly isSystemError: (error: unknown) => boolean
  /** Whether nothing can be read for now, so that no checkpoint counts as lost; by default no error means that. */
  readonly isAway?: (error: unknown) => boolean
}

/** Reads and writes checkpoints, usually in a thread of its own. Carries out requests in order. */
export interface FileThread {
  /** The buffers in `handedOver` are unusable afterwards. */
  request(request: Request, handedOver?: ArrayBuffer[]): Promise<Done>
  end(): Promise<void>
}
