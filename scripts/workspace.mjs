// The members of the workspace, read from its folders: `packages/<layer>/<package>` and `apps/<app>`.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository. */
export const root = fileURLToPath(new URL('..', import.meta.url))
export const scope = '@checkpoint-schedules/'

/** The packages of every layer, each with its layer, its folder, its name without the scope, and its package.json. */
export function packagesIn(repository = root) {
  return foldersIn(repository, 'packages').flatMap((layer) => membersIn(repository, layer))
}

/** The packages and the apps. */
export function membersOf(repository = root) {
  return [...packagesIn(repository), ...membersIn(repository, 'apps')]
}

function membersIn(repository, parent) {
  return foldersIn(repository, parent)
    .filter((folder) => existsSync(join(repository, folder, 'package.json')))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8'))
      const layer = parent === 'apps' ? undefined : parent.slice('packages/'.length)
      return { layer, folder, name: manifest.name.slice(scope.length), manifest }
    })
}

function foldersIn(repository, parent) {
  return readdirSync(join(repository, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`)
}
