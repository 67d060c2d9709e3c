// A folder that is there while something is measured.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What `work` gives for a new folder, which is removed after. */
export async function inScratchFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
