/** Reads and removes journals without running anything. */
import type { ObjectClient, RunIdentity } from '@checkpoint-schedules/model'
import { type LastPoint, lastPointOf, parseLog } from '@checkpoint-schedules/storage-slots'
import { findLast, JournalObjects } from './journal-objects.js'
import { objectMedium, storeFailed } from './object-medium.js'
import { checkedPrefix } from './prefix.js'
import { checkedRetries, type RetryOptions } from './retry-options.js'
import { RetryingClient } from './retrying.js'

/** A summary of a journal in an object store. */
export interface ObjectJournalSummary {
  readonly prefix: string
  readonly identity: RunIdentity
  /** What the caller recorded there. It is untrusted, so check it. */
  readonly note: unknown
  /** The last durable point; `undefined` if there is none yet. */
  readonly last: LastPoint | undefined
}

/**
 * How far the run of a journal got, even while it is active; `undefined` if there is none that could be resumed. Nothing is changed.
 *
 * Cost: three GETs.
 *
 * @throws `INVALID_OPTION`
 * @throws `INVALID_FILE`: the journal was written by another version.
 * @throws `STORE_FAILED`: the store is away for too long, or refuses.
 * @example
 * ```ts
 * import type { ObjectClient } from '@checkpoint-schedules/model'
 * import { readObjectJournal } from '@checkpoint-schedules/storage-object'
 *
 * const reversed = async (client: ObjectClient) =>
 *   (await readObjectJournal(client, 'runs/my-run'))?.last?.position.reversed ?? 0
 * ```
 */
export async function readObjectJournal(
  client: ObjectClient,
  prefix: string,
  options: RetryOptions = {},
): Promise<ObjectJournalSummary | undefined> {
  const patient = new RetryingClient(client, checkedRetries('readObjectJournal', client, options))
  const place = checkedPrefix('readObjectJournal', prefix)
  try {
    const found = await findLast(patient, place)
    const log = found?.index && parseLog(objectMedium, found.index.log)
    if (log === undefined || log.isFinished) return undefined
    const { identity, note } = log.head
    return { prefix: place, identity, note, last: lastPointOf(log) }
  } catch (error) {
    throw storeFailed(`the journal under ${place} cannot be read`, error, { prefix: place })
  }
}

/**
 * Removes a journal, so that its run starts over. Does nothing if there is none. A run that has it ends with an error before its next durable point.
 *
 * It deletes the objects that the journal lists. What else is under the prefix stays, such as objects of a journal whose indexes are damaged.
 *
 * @throws `INVALID_OPTION`
 * @throws `INVALID_FILE`: the journal was written by another version.
 * @throws `STORE_FAILED`: the store is away for too long, or refuses.
 * @example
 * ```ts
 * import type { ObjectClient } from '@checkpoint-schedules/model'
 * import { removeObjectJournal } from '@checkpoint-schedules/storage-object'
 *
 * const startOver = (client: ObjectClient) => removeObjectJournal(client, 'runs/my-run')
 * ```
 */
export async function removeObjectJournal(
  client: ObjectClient,
  prefix: string,
  options: RetryOptions = {},
): Promise<void> {
  const patient = new RetryingClient(client, checkedRetries('removeObjectJournal', client, options))
  const place = checkedPrefix('removeObjectJournal', prefix)
  try {
    if ((await findLast(patient, place)) === undefined) return
    const objects = await JournalObjects.take(patient, place, 2 ** 24)
    await objects.release(false)
  } catch (error) {
    throw storeFailed(`the journal under ${place} cannot be removed`, error, { prefix: place })
  }
}
