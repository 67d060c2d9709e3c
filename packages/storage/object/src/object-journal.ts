/** `objectJournal`: a run that survives its machine. */
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import type { Journal, JournalSettings, ObjectClient } from '@checkpoint-schedules/model'
import {
  checkedPointOptions,
  checkIdentity,
  newOwner,
  parseLog,
  type PointOptions,
  SlotJournal,
} from '@checkpoint-schedules/storage-slots'
import { findLast, JournalObjects, TAKEN_OVER } from './journal-objects.js'
import { objectMedium, storeFailed } from './object-medium.js'
import { checkedPartBytes, type ObjectOptions } from './object-store.js'
import { objectThread } from './object-thread.js'
import { checkedPrefix } from './prefix.js'
import { checkedRetries } from './retry-options.js'
import { RetryingClient } from './retrying.js'

/** How a run is made durable in an object store. */
export interface ObjectJournalOptions extends ObjectOptions, PointOptions {}

/**
 * A journal in an object store: a run that is killed at any moment resumes when the same call is repeated, on any machine that reaches the store,
 * and gives a bit-for-bit identical result.
 *
 * Every `everySeconds` the run makes a durable point: its forward state or its adjoint, then an index that lists the objects of the point and of
 * the checkpoints that it needs. Storages without a store of their own are kept in the journal, too. When the run has finished, all of its objects
 * are deleted; after an error or an abort they stay, so that the run can be resumed.
 *
 * The newest run to open a journal has it, and the one before ends with an error before its next durable point: two never continue. There is
 * no waiting and no lease, so do not start two at once: give each run a prefix of its own.
 *
 * Cost: for each point, besides its state or adjoint, one PUT of an index (about 100 bytes for each checkpoint), three GETs, and DELETEs of what the
 * two last points do not need; in the store, the checkpoints that they do.
 *
 * @param prefix - What its keys begin with, such as `runs/my-run`. It names the journal: repeat it to resume.
 * @throws `INVALID_OPTION`
 * @throws `JOURNAL_MISMATCH` (when a run opens it): there is a journal of another run.
 * @throws `INVALID_FILE` (when a run opens it): the journal was written by another version.
 * @throws `STORE_FAILED`: the store is away for too long, or refuses; another run has taken the journal over.
 * @example
 * ```ts
 * import type { ObjectClient } from '@checkpoint-schedules/model'
 * import { objectJournal } from '@checkpoint-schedules/storage-object'
 *
 * const journalOver = (client: ObjectClient) => objectJournal(client, 'runs/my-run', { everySeconds: 60 })
 * ```
 */
export function objectJournal(
  client: ObjectClient,
  prefix: string,
  options: ObjectJournalOptions = {},
): Journal {
  const retries = checkedRetries('objectJournal', client, options)
  const place = checkedPrefix('objectJournal', prefix)
  const points = checkedPointOptions('objectJournal', options)
  const partBytes = checkedPartBytes('objectJournal', options)
  const begun = async (objects: JournalObjects, settings: JournalSettings) => {
    const journal = new SlotJournal(
      {
        medium: objectMedium,
        directory: place,
        files: objects.journalFiles,
        thread: () => objectThread(objects.files, async () => undefined),
        alone: true,
        checkSpace: async () => undefined,
        release: (keep) => released(objects, place, keep),
        owner: newOwner(),
        confirm: () => objects.confirm(),
        isShared: false,
        ...points,
      },
      settings,
    )
    await journal.begin()
    settings.signal?.throwIfAborted()
    return journal
  }
  return {
    async open(settings) {
      const { signal } = settings
      const patient = new RetryingClient(client, retries, { hurry: signal })
      for (let attempts = 1; ; attempts++) {
        let objects: JournalObjects | undefined
        let hadJournal = true
        try {
          hadJournal = await refuseOthers(patient, place, settings)
          signal?.throwIfAborted()
          objects = await JournalObjects.take(patient, place, partBytes)
          return await begun(objects, settings)
        } catch (error) {
          // The error that is thrown says more than one of the end.
          await objects?.release(hadJournal).catch(() => undefined)
          signal?.throwIfAborted()
          // Perhaps by a late request of a process that is dead: it is replaced, too.
          if (isTakenOver(error) && objects?.isDurable === false && attempts < ATTEMPTS) continue
          throw storeFailed(`the journal under ${place} cannot be opened`, error, { prefix: place })
        }
      }
    },
  }
}

const ATTEMPTS = 3

function isTakenOver(error: unknown): boolean {
  return isCheckpointScheduleError(error) && error.details['reason'] === TAKEN_OVER
}

/** Whether there is a journal; that of another run stays as it is. @throws `JOURNAL_MISMATCH`, `INVALID_FILE` */
async function refuseOthers(
  client: RetryingClient,
  prefix: string,
  { identity }: JournalSettings,
): Promise<boolean> {
  const found = await findLast(client, prefix)
  if (found === undefined) return false
  const log = found.index && parseLog(objectMedium, found.index.log)
  if (log !== undefined && !log.isFinished) checkIdentity(objectMedium, prefix, log.head.identity, identity)
  return true
}

async function released(objects: JournalObjects, prefix: string, keep: boolean): Promise<void> {
  try {
    await objects.release(keep)
  } catch (error) {
    throw storeFailed(`the objects under ${prefix}/ cannot all be deleted`, error, { prefix })
  }
}
