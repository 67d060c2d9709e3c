/** What the pool and its workers tell each other. */
import type { ErrorCode } from '@checkpoint-schedules/core'

/** From the pool: compute this part next. */
export interface Assignment {
  readonly part: number
}

/** From a worker. */
export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly fraction: number }
  | { readonly type: 'done' }
  /** The part cannot be computed, or the worker cannot start: trying again would not help. */
  | { readonly type: 'failed'; readonly code: ErrorCode | undefined; readonly message: string }
