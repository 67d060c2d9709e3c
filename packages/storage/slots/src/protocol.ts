/** What an open store asks the thread of its files, and what that answers. Buffers are transferred both ways, never copied. */

/** Creates a file, exclusively, and keeps it open. */
export interface CreateRequest {
  readonly do: 'create'
  readonly path: string
}

/** Opens a file of an earlier process for reading and writing; creates it if it is missing. */
export interface ReopenRequest {
  readonly do: 'reopen'
  readonly path: string
}

/** Writes a checkpoint: `front` is its header and head; the thread fills in the checksums. */
export interface WriteRequest {
  readonly do: 'write'
  readonly path: string
  readonly at: number
  readonly front: Uint8Array
  readonly parts: readonly ArrayBuffer[]
  /** The file is for this checkpoint alone: created now, exclusively, and not kept open. */
  readonly alone: boolean
}

/** Reads a checkpoint; `reuse[i]`, if present, receives the part of `partBytes[i]` bytes. */
export interface ReadRequest {
  readonly do: 'read'
  readonly path: string
  readonly at: number
  readonly frontBytes: number
  readonly partBytes: readonly number[]
  readonly reuse: readonly (ArrayBuffer | undefined)[]
}

/** Flushes the files. */
export interface SyncRequest {
  readonly do: 'sync'
  readonly paths: readonly string[]
}

/** Closes and deletes those of the files that exist. */
export interface RemoveRequest {
  readonly do: 'remove'
  readonly paths: readonly string[]
}

/** Closes all files, leaving them where they are. */
export interface CloseRequest {
  readonly do: 'close'
}

/** What a worker is asked to do. */
export type Request =
  | CreateRequest
  | ReopenRequest
  | WriteRequest
  | ReadRequest
  | SyncRequest
  | RemoveRequest
  | CloseRequest

/** The result of writing or reading a checkpoint, or reopening a file. */
export interface Done {
  /** The size of the reopened file in bytes; `Infinity` where files have no places, only keys. */
  readonly size?: number
  readonly front?: Uint8Array
  readonly parts?: ArrayBuffer[]
  /** The checksum of the payload that was read. */
  readonly sum?: number
}

/** `failed` is an error as plain data, because cloning an error loses its code. */
export type Answer<Result = Done> = { readonly id: number } & (
  | { readonly done: Result }
  | { readonly failed: { readonly message: string; readonly code: string | undefined } }
)
