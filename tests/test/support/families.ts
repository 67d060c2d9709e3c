/** Every schedule family of the workspace, by discovery: a new one is here as soon as its folder is. */
import { type DiscoveredSchedule, schedulesIn } from '@checkpoint-schedules/core'
import { packagesIn, root } from '../../../scripts/workspace.mjs'

async function discover(): Promise<DiscoveredSchedule[]> {
  const found: DiscoveredSchedule[] = []
  for (const { folder, manifest } of packagesIn()) {
    if (manifest.checkpointSchedules !== true) continue
    found.push(...schedulesIn((await import(/* @vite-ignore */ `${root}${folder}/src/index.ts`)) as object))
  }
  return found
}

export const families = await discover()
