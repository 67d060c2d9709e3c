/** What a worker tells the process that started it. */
import type { ErrorCode } from '@checkpoint-schedules/core'

export type WorkerReport =
  | { readonly type: 'ready' }
  | { readonly type: 'told'; readonly sentence: string; readonly kind: 'news' | 'progress' | 'dead' }
  /** It cannot work: another one could not, either. */
  | { readonly type: 'failed'; readonly code: ErrorCode | undefined; readonly message: string }
