/** Every schedule family of the workspace, by discovery: a new one is here as soon as its folder is. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type DiscoveredSchedule, schedulesIn } from '@checkpoint-schedules/core'

const packages = fileURLToPath(new URL('../../../packages/', import.meta.url))

async function discover(): Promise<DiscoveredSchedule[]> {
  const found: DiscoveredSchedule[] = []
  for (const name of readdirSync(packages)) {
    const manifest = `${packages}${name}/package.json`
    if (!existsSync(manifest)) continue
    if (
      !(JSON.parse(readFileSync(manifest, 'utf8')) as { checkpointSchedules?: boolean }).checkpointSchedules
    )
      continue
    found.push(...schedulesIn((await import(/* @vite-ignore */ `${packages}${name}/src/index.ts`)) as object))
  }
  return found
}

export const families = await discover()
