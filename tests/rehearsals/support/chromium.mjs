// Where Chromium is: CHROMIUM_PATH, else PATH.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export function findChromium() {
  const named = process.env['CHROMIUM_PATH']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates =
    named === undefined
      ? folders.flatMap((folder) => [join(folder, 'chromium'), join(folder, 'chromium-browser')])
      : [named]
  return candidates.find((file) => existsSync(file))
}
