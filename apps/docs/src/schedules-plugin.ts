/** The module `virtual:schedules`: a new family appears in the playground as soon as its package exists. */
import { join } from 'node:path'
import { root } from '../../../scripts/workspace.mjs'
import { familyPackages } from './families.js'

const NAME = 'virtual:schedules'

/** For Vite. */
export function schedulesPlugin() {
  return {
    name: 'schedules',
    resolveId: (id: string) => (id === NAME ? `\0${NAME}` : undefined),
    load: (id: string) => (id === `\0${NAME}` ? source() : undefined),
  }
}

function source(): string {
  const families = familyPackages()
  const quote = (text: string) => JSON.stringify(text)
  return [
    `import { schedulesIn } from ${quote(join(root, 'packages/contract/core/dist/index.js'))}`,
    ...families.map(({ build }, i) => `import * as family${i} from ${quote(build)}`),
    'const named = (exports, packageName) => schedulesIn(exports).map((it) => ({ ...it, packageName }))',
    `export const schedules = [${families.map(({ packageName }, i) => `...named(family${i}, ${quote(packageName)})`).join(', ')}]`,
  ].join('\n')
}
