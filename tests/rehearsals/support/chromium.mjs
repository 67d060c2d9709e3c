// Where Chromium is: CHROMIUM_PATH, else PATH.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

export function findChromium() {
  const named = process.env['CHROMIUM_PATH']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates =
    named === undefined
      ? folders.flatMap((folder) => [join(folder, 'chromium'), join(folder, 'chromium-browser')])
      : [named]
  return candidates.find((file) => existsSync(file))
}

/** A browser that asks nobody for anything. */
export function launchChromium(executablePath) {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
