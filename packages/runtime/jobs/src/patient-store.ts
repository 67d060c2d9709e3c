/** A store whose calls are tried again for some minutes: it may be away for a while. */
import { setTimeout as sleep } from 'node:timers/promises'
import { CheckpointScheduleError, messageOf } from '@checkpoint-schedules/core'
import type { ObjectClient } from '@checkpoint-schedules/model'

const TRIES = 12
const FIRST_PAUSE = 250
const MOST_PAUSE = 20_000

/**
 * @param onFailure - Called with each failure that may pass.
 * @throws `STORE_FAILED`, from each method: it failed for some minutes, or in a way that does not pass.
 */
export function patientStore(store: ObjectClient, onFailure: (error: unknown) => void): ObjectClient {
  const patiently = <T>(what: string, signal: AbortSignal | undefined, call: () => Promise<T>) =>
    again(what, call, { signal, onFailure })
  return {
    put: (key, bytes, signal) => patiently(`put ${key}`, signal, () => store.put(key, bytes, signal)),
    get: (key, signal) => patiently(`get ${key}`, signal, () => store.get(key, signal)),
    delete: (key, signal) => patiently(`delete ${key}`, signal, () => store.delete(key, signal)),
  }
}

async function again<T>(
  what: string,
  call: () => Promise<T>,
  { signal, onFailure }: { signal: AbortSignal | undefined; onFailure: (error: unknown) => void },
): Promise<T> {
  for (let tries = 1, pause = FIRST_PAUSE; ; tries++, pause = Math.min(2 * pause, MOST_PAUSE)) {
    try {
      return await call()
    } catch (error) {
      signal?.throwIfAborted()
      const failure = new CheckpointScheduleError(
        'STORE_FAILED',
        `the store of results: ${what} failed${tries > 1 ? ` ${tries} times` : ''}: ${messageOf(error).split('\n')[0]}`,
        { cause: error },
      )
      if (tries === TRIES || !mayPass(error)) throw failure
      onFailure(failure)
      // Many workers meet the same failure at once, and should not come back at once.
      await sleep(pause * (0.5 + Math.random() / 2), undefined, signal === undefined ? {} : { signal })
    }
  }
}

/** As HTTP says: a request that is refused for what it is will be refused again. */
function mayPass(error: unknown): boolean {
  const status = (error as { status?: unknown } | null)?.status
  if (typeof status !== 'number') return true
  return status < 400 || status >= 500 || status === 408 || status === 429
}
