// Chromium for the tests of pages: where it is, and how it is started so that it asks nobody for anything.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

/** From CHROMIUM_PATH, else PATH. */
export function findChromium() {
  const named = process.env['CHROMIUM_PATH']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates =
    named === undefined
      ? folders.flatMap((folder) => [join(folder, 'chromium'), join(folder, 'chromium-browser')])
      : [named]
  return candidates.find((file) => existsSync(file))
}

export const chromiumFlags = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A browser with an empty profile of its own. */
export function launchChromium(executablePath) {
  return chromium.launch({ executablePath, args: chromiumFlags })
}

/** A browser with the profile in this folder: what pages keep is on the disk. */
export function openProfile(executablePath, folder) {
  return chromium.launchPersistentContext(folder, { executablePath, args: chromiumFlags })
}
