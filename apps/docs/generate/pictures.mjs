/** Pictures of schedules, as the command line draws them. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './places.mjs'

const folder = fileURLToPath(new URL('../public/pictures/', import.meta.url))
const program = join(root, 'apps/cli/bin/checkpoint-schedules.js')

/** Writes `/pictures/revolve.svg` and `/pictures/tree.svg`, and those that the command line's README shows. */
export function writePictures() {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const plot = (name, flags) =>
    execFileSync(process.execPath, [
      program,
      'plot',
      ...flags.split(' '),
      '--svg',
      join(folder, `${name}.svg`),
    ])
  plot('revolve', 'revolve --steps 10 --ram 3')
  plot('tree', 'h-revolve --steps 36 --ram 2 --disk 3 --write-disk 2 --read-disk 1 --plan tree')
  cpSync(join(root, 'apps/cli/test/pictures/plot-many.png'), join(folder, 'plot-many.png'))
}
