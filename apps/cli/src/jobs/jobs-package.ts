/** The package of the queue is optional: most people need neither it nor Redis. */
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { entryPoint } from '../discovery/entry-point.js'
import { installedFrom, readPackageJson } from '../discovery/packages.js'
import { usageError } from '../terminal/usage-error.js'

const NAME = '@checkpoint-schedules/jobs'

type JobsPackage = typeof import('@checkpoint-schedules/jobs')

/**
 * The package, from beside this command line or from the user's project.
 *
 * @throws `INVALID_OPTION`: it is not installed.
 */
export async function loadJobs(
  places = [fileURLToPath(new URL('../..', import.meta.url)), process.cwd()],
): Promise<JobsPackage> {
  for (const place of places) {
    const directory = installedFrom(place, NAME)
    if (directory === undefined) continue
    const json = readPackageJson(directory)
    if (json !== undefined)
      return (await import(pathToFileURL(join(directory, entryPoint(json))).href)) as JobsPackage
  }
  throw usageError(`jobs needs the package ${NAME}, which is not installed: npm install ${NAME}.`)
}
