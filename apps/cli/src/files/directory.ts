/** Directories that a flag names. */
import { readdir, stat } from 'node:fs/promises'
import { fileError, systemFileError } from './file-error.js'

/** @throws `INVALID_FILE` if there is no such directory. */
export async function checkDirectory(path: string, expected: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) return
  } catch (error) {
    throw systemFileError(path, expected, error)
  }
  throw fileError(path, `expected ${expected}; it is not a directory`)
}

/** @throws `INVALID_FILE` if the path exists and is not a directory. */
export async function checkNewDirectory(path: string, expected: string): Promise<void> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw systemFileError(path, expected, error)
  })
  if (there?.isDirectory() === false) throw fileError(path, `expected ${expected}; it is not a directory`)
}

/** @throws `INVALID_FILE` if the path exists and is not an empty directory. */
export async function checkEmptyDirectory(path: string): Promise<void> {
  const expected = 'an empty directory, or a name for a new one'
  await checkNewDirectory(path, expected)
  const names = await readdir(path).catch(() => [])
  if (names.length > 0) throw fileError(path, `expected ${expected}; it has files in it`)
}
