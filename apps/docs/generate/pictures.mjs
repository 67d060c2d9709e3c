/** Pictures of schedules, as the command line draws them, and the one that is shown beside a link to the site. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { revolve } from '@checkpoint-schedules/revolve'
import { record, toSketch } from '@checkpoint-schedules/space-time'
import { toPng } from '../../cli/dist/picture/png.js'
import { root } from './places.mjs'

const folder = fileURLToPath(new URL('../public/pictures/', import.meta.url))
const program = join(root, 'apps/cli/bin/checkpoint-schedules.js')

/** Writes `/pictures/revolve.svg`, `/pictures/tree.svg` and `/pictures/social.png`, and those that the command line's README shows. */
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
  writeFileSync(join(folder, 'social.png'), toPng(social()))
}

/** 600 x 315, drawn twice as large: the sizes that are asked for. */
function social() {
  const sketch = toSketch(record(revolve({ steps: 1000, snapshotsInRam: 10 })), {
    title: '',
    width: 560,
    height: 270,
  })
  const text = (x, y, size, weight, fill, line) =>
    `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}">${line}</text>`
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="315" viewBox="0 0 600 315" font-family="DejaVu Sans">',
    '<rect width="600" height="315" fill="#fff"/>',
    sketch.replace('<svg ', '<svg x="20" y="24" '),
    text(296, 206, 20, 'bold', '#222', 'Gradients of long'),
    text(296, 232, 20, 'bold', '#222', 'simulations, in the'),
    text(296, 258, 20, 'bold', '#222', 'memory you have'),
    text(296, 284, 12, 'normal', '#595959', 'checkpoint-schedules, in TypeScript'),
    '</svg>',
  ].join('\n')
}
