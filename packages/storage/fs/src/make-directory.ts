/**
 * Makes a directory and its missing parents, and keeps track of which were made, even after a kill: a directory that no marker accounts
 * for yet has the sticky bit, which is not used on private directories otherwise.
 */
import { chmod, mkdir, rmdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

const SIGNED = 0o700
const UNSIGNED = 0o1700

/**
 * Makes `path`. Returns how many directories were made for it, including itself; those that a killed run made and did not sign are
 * counted too.
 *
 * Does not use `mkdir` with `recursive`: below /proc, where nothing can be made, Node retries that forever.
 */
export async function makeDirectory(path: string, mode = UNSIGNED): Promise<number> {
  try {
    return (await made(path, mode)) ? 1 + (await unsigned(dirname(path))) : await unsigned(path)
  } catch (error) {
    const parent = dirname(path)
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error
    const above = await makeDirectory(parent, mode)
    return (await made(path, mode)) ? 1 + above : 0
  }
}

/** Call this once the marker exists and records how many directories were made. */
export async function signDirectories(path: string, count: number): Promise<void> {
  await changeModes(path, count, SIGNED)
}

/** Removes the directories that were made, if they are empty. `unsign` removes the marker, once a kill can no longer hide who made them. */
export async function removeDirectories(
  path: string,
  count: number,
  unsign: () => Promise<void>,
): Promise<void> {
  await changeModes(path, count, UNSIGNED)
  await unsign()
  let at = path
  for (let i = 0; i < count; i++, at = dirname(at)) {
    try {
      await rmdir(at)
    } catch (error) {
      if (codeOf(error) === 'ENOENT') continue
      // The user put files there, so the directory is now theirs.
      await changeModes(at, count - i, SIGNED)
      if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error)!)) throw error
      return
    }
  }
}

async function made(path: string, mode: number): Promise<boolean> {
  try {
    await mkdir(path, mode)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await stat(path)).isDirectory()) return false
    throw error
  }
}

/** How many directories, from this one upwards, were made by a run that was killed before it could sign them. */
async function unsigned(path: string): Promise<number> {
  let count = 0
  for (let at = path; dirname(at) !== at; at = dirname(at)) {
    const { mode } = await stat(at)
    if ((mode & 0o7777) !== UNSIGNED) break
    count += 1
  }
  return count
}

async function changeModes(path: string, count: number, mode: number): Promise<void> {
  let at = path
  for (let i = 0; i < count; i++, at = dirname(at)) {
    await chmod(at, mode).catch((error: unknown) => {
      // Some file systems have no modes, and a removed directory needs none.
      if (!['ENOENT', 'EPERM', 'ENOTSUP', 'ENOSYS'].includes(codeOf(error)!)) throw error
    })
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}
