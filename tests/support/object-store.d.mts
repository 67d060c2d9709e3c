import type { ObjectClient } from '@checkpoint-schedules/storage-object'

/** A client of a bucket, given its URL. */
export function clientAt(bucket: string): ObjectClient

/** A server of objects in this process. */
export interface RunningStore {
  readonly port: number
  /** The URL of a bucket. */
  readonly bucket: string
  /** The keys of all objects in it. */
  list(): Promise<string[]>
  close(): Promise<void>
}

export function startObjectStore(): Promise<RunningStore>
