/** What the main thread asks of the worker, and what it answers. Buffers are handed over both ways, never copied. */

/** Makes a file, exclusively, and keeps it open. */
export interface CreateRequest {
  readonly do: 'create'
  readonly path: string
}

/** Opens a file that an earlier process made, for reading and writing; it is made where it is missing. */
export interface ReopenRequest {
  readonly do: 'reopen'
  readonly path: string
}

/** Writes a checkpoint: `front` is its header and head; the worker fills in the checksums. */
export interface WriteRequest {
  readonly do: 'write'
  readonly path: string
  readonly at: number
  readonly front: Uint8Array
  readonly parts: readonly ArrayBuffer[]
  /** The file is this checkpoint's own: made now, exclusively, and not kept open. */
  readonly alone: boolean
}

/** Reads a checkpoint; `reuse[i]`, where there is one, takes the part of `partBytes[i]` bytes. */
export interface ReadRequest {
  readonly do: 'read'
  readonly path: string
  readonly at: number
  readonly frontBytes: number
  readonly partBytes: readonly number[]
  readonly reuse: readonly (ArrayBuffer | undefined)[]
}

/** Makes what was written to the files durable. */
export interface SyncRequest {
  readonly do: 'sync'
  readonly paths: readonly string[]
}

/** Closes and deletes the files, those that are there. */
export interface RemoveRequest {
  readonly do: 'remove'
  readonly paths: readonly string[]
}

/** Closes all files, leaving them where they are. */
export interface CloseRequest {
  readonly do: 'close'
}

/** Raises the count in a file, now and again and again, until the file is gone. */
export interface BeatRequest {
  readonly do: 'beat'
  readonly path: string
  readonly everyMs: number
}

export type Request =
  | CreateRequest
  | ReopenRequest
  | WriteRequest
  | ReadRequest
  | SyncRequest
  | RemoveRequest
  | CloseRequest
  | BeatRequest

/** A part written, a checkpoint read, or a file reopened. */
export interface Done {
  /** The bytes of the file that was reopened. */
  readonly size?: number
  readonly front?: Uint8Array
  readonly parts?: ArrayBuffer[]
  /** The crc32 of the payload that was read. */
  readonly crc?: number
}

/** `failed` is an error taken apart, as cloning loses its code. */
export type Answer = { readonly id: number } & (
  | { readonly done: Done }
  | { readonly failed: { readonly message: string; readonly code: string | undefined } }
)
