/** What a lease asks its thread: a sign of life, again and again. */

import type { Request } from '@checkpoint-schedules/storage-slots'

/** Increases the count in a file, now and then repeatedly, until the file is removed. */
export interface BeatRequest {
  readonly do: 'beat'
  readonly path: string
  readonly everyMs: number
}

/** What the thread is asked to do. */
export type FileRequest = Request | BeatRequest
