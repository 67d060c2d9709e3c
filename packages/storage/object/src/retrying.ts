/** `retrying`: a client that makes failed requests again. */
import type { ObjectClient } from '@checkpoint-schedules/model'
import { onAbort } from './abort-listeners.js'
import { codeOf, faultOf, mayPass, ObjectError } from './object-error.js'
import { checkedRetries, type RetryOptions } from './retry-options.js'

/** The longest pause between two attempts. */
const MOST_PAUSE_MS = 10_000
/** How long requests continue that leave things in order, after an abort or after one was given up. */
const HURRY_MS = 5000
/** How often bytes that are not the expected ones are read again. */
const REREADS = 3

/** When to stop, besides the signal of a call. */
export interface Hurry {
  /** When this aborts, requests have 5 s more. */
  readonly hurry?: AbortSignal | undefined
}

/**
 * A client that makes requests again which failed and may succeed later: those that were not answered, and those answered with a status of 5xx,
 * 408 or 429. The pauses double, and each is a random part of that, so that many workers do not come back at once. Others fail at once.
 *
 * An attempt that was not answered may have had its effect: so put only what may be put twice, under a key that nothing else has.
 *
 * @throws `INVALID_OPTION`
 * @example
 * ```ts
 * import type { ObjectClient } from '@checkpoint-schedules/model'
 * import { retrying } from '@checkpoint-schedules/storage-object'
 *
 * const patient = (client: ObjectClient) =>
 *   retrying(client, { retrySeconds: 600, onRetry: ({ request, message }) => console.warn(`${request}: ${message}`) })
 * ```
 */
export function retrying(client: ObjectClient, options: RetryOptions = {}): ObjectClient {
  return new RetryingClient(client, checkedRetries('retrying', client, options))
}

export class RetryingClient implements ObjectClient {
  readonly #client: ObjectClient
  readonly #options: Required<RetryOptions>
  readonly #hurry: AbortSignal | undefined
  /** When the hurry was noticed. */
  #hurried: number | undefined
  /** A request was given up and none has succeeded since: the next ones, which clean up, do not wait as long once more. */
  #hasGivenUp = false

  constructor(client: ObjectClient, options: Required<RetryOptions>, { hurry }: Hurry = {}) {
    this.#client = client
    this.#options = options
    this.#hurry = hurry
  }

  put(key: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    return this.#again(`putting ${key}`, signal, (it) => this.#client.put(key, bytes, it))
  }

  get(key: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#again(`getting ${key}`, signal, (it) => this.#client.get(key, it))
  }

  delete(key: string, signal?: AbortSignal): Promise<void> {
    return this.#again(`deleting ${key}`, signal, (it) => this.#client.delete(key, it))
  }

  /** The object, read again a few times if it has another length. */
  async getExactly(key: string, length: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    for (let reads = 1; ; reads++) {
      const bytes = await this.get(key, signal)
      if (bytes === undefined || bytes.length === length || reads > REREADS) return bytes
    }
  }

  async #again<T>(
    what: string,
    signal: AbortSignal | undefined,
    attempt: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { retrySeconds, firstRetryMs, onRetry } = this.#options
    let firstFailure: number | undefined
    let pause = firstRetryMs
    for (let attempts = 1; ; attempts++) {
      signal?.throwIfAborted()
      try {
        const value = await this.#within(signal, attempt)
        this.#hasGivenUp = false
        return value
      } catch (error) {
        signal?.throwIfAborted()
        const now = performance.now()
        firstFailure ??= now
        const fault = faultOf(error)
        const wait = pause * (0.5 + Math.random() / 2)
        const most = this.#hasGivenUp ? Math.min(1000 * retrySeconds, HURRY_MS) : 1000 * retrySeconds
        const end = Math.min(firstFailure + most, this.#hurryEnd(now))
        const isHopeless = !mayPass(fault)
        if (isHopeless || now + wait > end) {
          if (!isHopeless) this.#hasGivenUp = true
          throw failed(what, error, attempts, now - firstFailure)
        }
        onRetry({ request: what, attempts, message: fault.message, pauseSeconds: wait / 1000 })
        const isInHurry = await this.#asleep(wait, signal)
        pause = isInHurry ? firstRetryMs : Math.min(2 * pause, MOST_PAUSE_MS)
      }
    }
  }

  /** When requests in a hurry end; `Infinity` if there is none. */
  #hurryEnd(now: number): number {
    if (this.#hurry?.aborted !== true) return Infinity
    this.#hurried ??= now
    return this.#hurried + HURRY_MS
  }

  /** A pause, which an abort ends. Says whether it ended because of a hurry. */
  async #asleep(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined
    let stops: (() => void)[] = []
    const isInHurry = await new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, ms, false)
      stops = [onAbort(signal, () => resolve(false))]
      if (this.#hurry?.aborted === false) stops.push(onAbort(this.#hurry, () => resolve(true)))
    })
    clearTimeout(timer)
    for (const stop of stops) stop()
    return isInHurry
  }

  /** One attempt. It is over when its time is, even if the client does not listen to the signal. */
  async #within<T>(
    signal: AbortSignal | undefined,
    attempt: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const own = new AbortController()
    const { requestSeconds } = this.#options
    const timers: ReturnType<typeof setTimeout>[] = []
    const endIn = (ms: number) =>
      timers.push(setTimeout(() => own.abort(new Error(`no answer within ${ms / 1000} s`)), ms))
    endIn(1000 * requestSeconds)
    const stops = [
      onAbort(signal, () => own.abort(signal!.reason)),
      onAbort(this.#hurry, () => endIn(HURRY_MS)),
    ]
    try {
      return await new Promise<T>((resolve, reject) => {
        own.signal.addEventListener('abort', () => reject(own.signal.reason as Error), { once: true })
        attempt(own.signal).then(resolve, reject)
      })
    } finally {
      for (const timer of timers) clearTimeout(timer)
      for (const stop of stops) stop()
    }
  }
}

function failed(what: string, error: unknown, attempts: number, ms: number): ObjectError {
  const fault = faultOf(error)
  const { status, code, message } = fault
  const answer = [status, code === String(status) ? undefined : code].filter((it) => it !== undefined)
  const said = message.replace(/\.$/, '')
  const often = attempts === 1 ? '' : `, ${attempts} times within ${Math.ceil(ms / 1000)} s`
  return new ObjectError(
    `${what} failed${often}: ${said}${answer.length > 0 && !said.includes(String(answer[0])) ? ` (${answer.join(' ')})` : ''}`,
    codeOf(fault),
    error,
  )
}
