/** Removes what a crash left. */
import { readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { removeDirectories } from './make-directory.js'
import { isLive, readMarker } from './marker.js'
import { isOwnName, MARKER } from './own-files.js'
import { inUse } from './claim.js'
import { storeFailed } from './file-medium.js'

/**
 * Removes the files that a run left in its directory because it was killed, or asked to keep them, and the directory if the run made
 * it. Only files with our own names are deleted, and only if our marker is there. Returns their names; none if there is no directory.
 *
 * @throws `INVALID_FILE`: there is no marker of ours.
 * @throws `STORE_FAILED`: a run is using the directory, or the files cannot be deleted.
 * @example
 * ```ts
 * import { cleanDirectory } from '@checkpoint-schedules/storage-fs'
 *
 * await cleanDirectory('/tmp/a-run-that-never-was') // []
 * ```
 */
export async function cleanDirectory(directory: string): Promise<string[]> {
  const path = resolve(directory)
  try {
    const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (names === undefined) return []
    const marker = await readMarker(path)
    if (!marker) {
      throw new CheckpointScheduleError(
        'INVALID_FILE',
        `cleanDirectory: ${path} is not the directory of a run (it has no ${MARKER} of ours); nothing was deleted.`,
        { details: { directory: path } },
      )
    }
    if (isLive(marker)) throw inUse(path, marker)
    // The marker is removed last: until then, what is left can be cleaned.
    const own = names.filter((name) => isOwnName(name) && name !== MARKER)
    for (const name of own) await rm(join(path, name), { force: true })
    await removeDirectories(path, marker.made, () => rm(join(path, MARKER), { force: true }))
    return [...own, MARKER]
  } catch (error) {
    throw storeFailed(`the directory ${path} cannot be cleaned`, error, { directory: path })
  }
}
