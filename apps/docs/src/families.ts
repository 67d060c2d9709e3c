/** The schedules of the workspace, found by the field in their package.json, so a new family needs no edit here. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type DiscoveredSchedule, schedulesIn } from '@checkpoint-schedules/core'
import { packagesIn, root } from '../../../scripts/workspace.mjs'

/** A schedule and the package that exports it. */
export interface Family extends DiscoveredSchedule {
  readonly packageName: string
}

/** The packages that provide schedules, each with its build. */
export function familyPackages(): { packageName: string; build: string }[] {
  return packagesIn()
    .filter(({ manifest }) => manifest.checkpointSchedules === true)
    .map(({ folder, manifest }) => ({
      packageName: manifest.name,
      build: join(root, folder, 'dist/index.js'),
    }))
}

/** All schedules of the workspace, from their builds. */
export async function findFamilies(): Promise<Family[]> {
  const found = await Promise.all(
    familyPackages().map(async ({ packageName, build }): Promise<Family[]> => {
      const exports = (await import(pathToFileURL(build).href)) as object
      return schedulesIn(exports).map((it) => ({ ...it, packageName }))
    }),
  )
  return found.flat()
}
