/** Files that we create: all or nothing, and never replacing an existing file unless asked. */
import { randomBytes } from 'node:crypto'
import { constants, rmSync } from 'node:fs'
import { access, link, lstat, open, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { Interruption, reportFailure } from '../terminal/exit.js'
import { onInterruption } from '../terminal/signals.js'
import { fileError, systemFileError } from './file-error.js'

/** What happens to a file that already exists. */
export interface Overwriting {
  readonly force: boolean
}

/**
 * Detects, before any work starts, what would make writing the file fail at the end.
 *
 * @throws `INVALID_FILE`
 */
export async function checkNewFile(path: string, { force }: Overwriting): Promise<void> {
  if (path === '' || path.endsWith(sep))
    throw fileError(JSON.stringify(path), 'expected a name for a new file; it does not name a file')
  const directory = dirname(path)
  try {
    if (!(await stat(directory)).isDirectory())
      throw fileError(directory, 'expected a directory; it is a file')
    await access(directory, constants.W_OK)
  } catch (error) {
    throw systemFileError(directory, 'a directory that can be written to', error)
  }
  const existing = await lstat(path).catch(() => undefined)
  if (existing?.isDirectory()) throw fileError(path, 'expected a name for a new file; it is a directory')
  // A device, or a link to one such as /dev/stdout, would itself be replaced.
  if (existing !== undefined && (await stat(path).catch(() => undefined))?.isFile() === false)
    throw fileError(
      path,
      'expected a name for a new file; it is a device or something else that is not a regular file',
    )
  if (existing !== undefined && !force) throw exists(path)
}

/** Writes a temporary file in the same directory, then moves it into place: a partial file is never visible, and Ctrl-C leaves none. */
export async function writeNewFile(
  path: string,
  content: string | Uint8Array,
  { force }: Overwriting,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  const stopListening = onInterruption(() => {
    rmSync(temporary, { force: true })
    process.exit(reportFailure(new Interruption()))
  })
  try {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(content)
    } finally {
      await file.close()
    }
    if (force) await rename(temporary, path)
    else await linkNew(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(path)
    throw systemFileError(path, 'a file that can be written', error)
  } finally {
    await unlink(temporary).catch(() => undefined)
    stopListening()
  }
}

// Linking fails if the name has been taken meanwhile. On file systems without links the earlier check has to suffice.
async function linkNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    await rename(from, to)
  }
}

function exists(path: string) {
  return fileError(path, 'already exists; pass --force to replace it, or another name')
}
