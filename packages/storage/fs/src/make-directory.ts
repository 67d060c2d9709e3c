/** A directory with those above it. */
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes the directory, and those above it that are missing. Returns the topmost one that was made, `undefined` where there was nothing
 * to make.
 *
 * Node's own `recursive` never returns where a file system refuses new names as if the parent were missing, as /proc does.
 */
export async function makeDirectory(path: string, mode = 0o777): Promise<string | undefined> {
  try {
    await mkdir(path, { mode })
    return path
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await isDirectory(path))) return undefined
    const parent = dirname(path)
    if (code !== 'ENOENT' || parent === path) throw error
    const above = await makeDirectory(parent, mode)
    try {
      await mkdir(path, { mode })
      return above ?? path
    } catch (again) {
      // Another process may have made it meanwhile. ENOENT with a parent that is there is the system's last word.
      if ((again as NodeJS.ErrnoException).code === 'EEXIST' && (await isDirectory(path))) return above
      throw again
    }
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true
}
