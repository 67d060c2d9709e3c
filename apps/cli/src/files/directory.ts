/** Directories that a flag names. */
import { readdir, stat } from 'node:fs/promises'
import { fileError, systemFileError } from './file-error.js'

/** @throws `INVALID_FILE` where there is no such directory. */
export async function checkDirectory(path: string, expected: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) return
  } catch (error) {
    throw systemFileError(path, expected, error)
  }
  throw fileError(path, `expected ${expected}; it is no directory`)
}

/** @throws `INVALID_FILE` where there is something else than a directory; there may be nothing. */
export async function checkNewDirectory(path: string, expected: string): Promise<void> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw systemFileError(path, expected, error)
  })
  if (there?.isDirectory() === false) throw fileError(path, `expected ${expected}; it is no directory`)
}

/** @throws `INVALID_FILE` where there is something else than an empty directory; there may be nothing. */
export async function checkEmptyDirectory(path: string): Promise<void> {
  const expected = 'an empty directory, or a name for a new one'
  await checkNewDirectory(path, expected)
  const names = await readdir(path).catch(() => [])
  if (names.length > 0) throw fileError(path, `expected ${expected}; it has files in it`)
}
