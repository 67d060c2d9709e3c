/** The module `virtual:schedules`: a new family is in the playground as soon as its package is there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const NAME = 'virtual:schedules'

/** For Vite; `folder` holds the packages. */
export function schedulesPlugin(folder: string) {
  return {
    name: 'schedules',
    resolveId: (id: string) => (id === NAME ? `\0${NAME}` : undefined),
    load: (id: string) => (id === `\0${NAME}` ? sourceOf(folder) : undefined),
  }
}

function sourceOf(folder: string): string {
  const families = readdirSync(folder).flatMap((name) => {
    const manifest = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as {
      name: string
      checkpointSchedules?: boolean
    }
    return manifest.checkpointSchedules === true ? [{ name, packageName: manifest.name }] : []
  })
  const quote = (text: string) => JSON.stringify(text)
  return [
    `import { schedulesIn } from ${quote(join(folder, 'core/dist/index.js'))}`,
    ...families.map(
      ({ name }, i) => `import * as family${i} from ${quote(join(folder, name, 'dist/index.js'))}`,
    ),
    'const named = (exports, packageName) => schedulesIn(exports).map((it) => ({ ...it, packageName }))',
    `export const schedules = [${families.map(({ packageName }, i) => `...named(family${i}, ${quote(packageName)})`).join(', ')}]`,
  ].join('\n')
}
