/** How long a request is tried again. */
import { optionError, show } from '@checkpoint-schedules/core'
import type { ObjectClient } from '@checkpoint-schedules/model'

/** A request that failed and is made again. */
export interface Retry {
  /** What it is for, such as `putting runs/my-run/point-1`. */
  readonly request: string
  /** How often it was made. */
  readonly attempts: number
  /** What the client said. */
  readonly message: string
  /** The pause before the next attempt, in seconds. */
  readonly pauseSeconds: number
}

/** How failed requests are tried again. */
export interface RetryOptions {
  /** For how long a request is tried again after it has failed, in seconds, by default 120: a store may be away that long. */
  readonly retrySeconds?: number
  /** The longest pause before the second attempt, in milliseconds, by default 200. Each later one is twice as long, at most 10 s. */
  readonly firstRetryMs?: number
  /** How long an attempt may take, in seconds, by default 120. Then it is given up, and made again. */
  readonly requestSeconds?: number
  /** Called before each pause: a store that is away would otherwise look like a slow one. What it throws ends the request. */
  readonly onRetry?: (retry: Retry) => void
}

/** The client and the options, checked. @throws `INVALID_OPTION` */
export function checkedRetries(call: string, client: unknown, options: RetryOptions): Required<RetryOptions> {
  const given = (client ?? {}) as Partial<ObjectClient>
  for (const method of ['put', 'get', 'delete'] as const)
    if (typeof given[method] !== 'function')
      throw optionError(
        call,
        `client must have the methods put, get and delete; got ${show(client)} without ${method}. fetchClient makes one.`,
      )
  if (typeof options !== 'object' || (options as unknown) === null)
    throw optionError(call, `options must be an object such as { retrySeconds: 120 }; got ${show(options)}.`)
  const { retrySeconds = 120, firstRetryMs = 200, requestSeconds = 120, onRetry = () => undefined } = options
  if (!(typeof retrySeconds === 'number' && retrySeconds >= 0))
    throw optionError(call, `retrySeconds must be a number >= 0; got ${show(retrySeconds)}.`)
  if (!(typeof firstRetryMs === 'number' && firstRetryMs >= 0 && firstRetryMs <= 10_000))
    throw optionError(call, `firstRetryMs must be a number from 0 to 10000; got ${show(firstRetryMs)}.`)
  if (!(typeof requestSeconds === 'number' && requestSeconds > 0 && requestSeconds <= 86_400))
    throw optionError(call, `requestSeconds must be a number > 0 and <= 86400; got ${show(requestSeconds)}.`)
  if (typeof onRetry !== 'function')
    throw optionError(call, `onRetry must be a function; got ${show(onRetry)}.`)
  return { retrySeconds, firstRetryMs, requestSeconds, onRetry }
}
