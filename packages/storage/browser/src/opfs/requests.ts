/** What is asked of the worker that has the files: requests for checkpoints, and those of a journal and of the run's folder. */
import type { Done, Flush, Request } from '@checkpoint-schedules/storage-slots'

/** Takes the lock of a run, waiting for it if another one has it. Answers with `isTaken`. */
export interface LockRequest {
  readonly do: 'lock'
  readonly run: string
  readonly waitMs: number
}

/** Enters the folder of a run, in which all other requests work, and creates it if it is missing. */
export interface EnterRequest {
  readonly do: 'enter'
  readonly run: string
  /** Removes the checkpoints that dead tabs left. */
  readonly sweep: boolean
}

/** The names of the files. */
export interface ListRequest {
  readonly do: 'list'
}

/** The bytes of a file. */
export interface LoadRequest {
  readonly do: 'load'
  readonly name: string
  readonly most: number
}

/** Makes a file empty, creating it if it is missing, and flushes. */
export interface EmptyRequest {
  readonly do: 'empty'
  readonly name: string
}

/** Writes bytes to a file, creating it if it is missing. */
export interface SaveRequest {
  readonly do: 'save'
  readonly name: string
  readonly at: number
  readonly bytes: Uint8Array
  readonly flush: Flush
  /** Closes the file again; otherwise it stays open. */
  readonly close: boolean
}

/** Leaves the folder, which is removed with all that is in it unless it is kept, and gives the lock back. */
export interface LeaveRequest {
  readonly do: 'leave'
  readonly keep: boolean
}

export type OpfsRequest =
  | Request
  | LockRequest
  | EnterRequest
  | ListRequest
  | LoadRequest
  | EmptyRequest
  | SaveRequest
  | LeaveRequest

/** The result of a request. */
export interface OpfsDone extends Done {
  readonly isTaken?: boolean
  readonly names?: string[]
  /** The bytes of a file; `undefined` if there is none. */
  readonly bytes?: Uint8Array | undefined
}
