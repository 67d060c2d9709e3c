/** Opens a journal over the files of a run, in either storage of a browser. */
import type { JournalSettings, OpenJournal } from '@checkpoint-schedules/model'
import {
  type FileThread,
  type JournalFiles,
  newOwner,
  SlotJournal,
} from '@checkpoint-schedules/storage-slots'
import { type Kind, media, storeFailed } from './browser-medium.js'
import { askToPersist, checkSpace } from './free-space.js'
import type { BrowserJournalOptions } from './journal-options.js'

/** The files of a run, which nobody else has. */
export interface TakenRun {
  readonly path: string
  readonly journalFiles: JournalFiles
  newThread(): FileThread
  release(keep: boolean): Promise<void>
}

/** @throws `JOURNAL_MISMATCH`, `INVALID_FILE`, `STORE_FAILED`: an earlier run's journal stays as it was. */
export async function openJournal(
  kind: Kind,
  run: TakenRun,
  { everySeconds, everySteps, note, persist }: Required<BrowserJournalOptions>,
  settings: JournalSettings,
): Promise<OpenJournal> {
  const { signal } = settings
  const files = run.journalFiles
  let hadJournal = true
  try {
    hadJournal = (await files.log.read()) !== undefined
    if (persist) askToPersist()
    const journal = new SlotJournal(
      {
        medium: media[kind],
        directory: run.path,
        files,
        thread: () => run.newThread(),
        checkSpace,
        release: (keep) => run.release(keep),
        owner: newOwner(),
        confirm: async () => undefined, // the lock sees to it
        isShared: false,
        everySeconds,
        everySteps,
        note,
      },
      settings,
    )
    await journal.begin()
    signal?.throwIfAborted()
    return journal
  } catch (error) {
    await run.release(hadJournal)
    signal?.throwIfAborted()
    throw storeFailed(`the journal in ${run.path} cannot be opened`, error, { run: run.path })
  }
}
