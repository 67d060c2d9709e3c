/** The schedules of the workspace, found by the flag in their package.json: a new family needs no edit here. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type DiscoveredSchedule, schedulesIn } from '@checkpoint-schedules/core'

/** A schedule and the package that exports it. */
export interface Family extends DiscoveredSchedule {
  readonly packageName: string
}

/** All schedules of the packages in `folder`, from their builds. */
export async function familiesIn(folder: string): Promise<Family[]> {
  const found = await Promise.all(
    readdirSync(folder).map(async (name): Promise<Family[]> => {
      const manifest = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as {
        name: string
        checkpointSchedules?: boolean
      }
      if (manifest.checkpointSchedules !== true) return []
      const exports = (await import(pathToFileURL(join(folder, name, 'dist/index.js')).href)) as object
      return schedulesIn(exports).map((it) => ({ ...it, packageName: manifest.name }))
    }),
  )
  return found.flat()
}
