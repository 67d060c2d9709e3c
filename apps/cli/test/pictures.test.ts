/** The pictures of compare, plot and run look as they did when somebody looked at them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gradientPicture } from '../src/picture/gradient-picture.js'
import { cli, newDirectory } from './support/cli.js'
import { expectPicture } from './support/pictures.js'

const cwd = newDirectory()
const compare = {
  counts: 'compare --steps 1000 --ram 10 --disk 50',
  times:
    'compare --steps 5000 --ram 8GB --disk 100GB --state-bytes 80MB --forward-time 200ms --write-time 60ms --read-time 40ms',
}
const plot = {
  few: 'plot revolve --steps 10 --ram 3',
  time: 'plot multistage --steps 100 --ram 3 --disk 4 --across time',
  many: 'plot h-revolve --steps 10000 --ram 5 --disk 20',
  tapes: 'plot single-memory --steps 10',
}
const run = {
  line: 'run --model burgers1d --points 63 --steps 200 --schedule single-memory',
  map: 'run --model wave2d --schedule revolve --ram 20',
}

/** The files that a command draws, each after its flag. */
async function drawn(typed: string, files: Readonly<Record<string, string>>): Promise<Buffer[]> {
  const { code } = await cli([...typed.split(' '), ...Object.entries(files).flat()], { cwd })
  expect(code).toBe(0)
  return Object.values(files).map((file) => readFileSync(join(cwd, file)))
}

it.each([
  ...Object.entries(compare).map(([name, typed]) => [`compare-${name}`, typed]),
  ...Object.entries(plot).map(([name, typed]) => [`plot-${name}`, typed]),
] as [string, string][])('%s', async (name, typed) => {
  const [png, svg] = await drawn(typed, { '--png': `${name}.png`, '--svg': `${name}.svg` })
  expectPicture(name, png!)
  expectPicture(name, svg!.toString())
})

describe.each(Object.entries(run))("run, a gradient's %s", (name, typed) => {
  it('as PNG', async () => {
    const [png] = await drawn(typed, { '--image': `${name}.png` })
    expectPicture(`gradient-${name}`, png!)
  })
  it('as SVG', async () => {
    const [svg] = await drawn(typed, { '--image': `${name}.svg` })
    expectPicture(`gradient-${name}`, svg!.toString())
  })
})

it.each([
  ['wide', 40, 80],
  ['high', 90, 30],
])("a gradient's map with a field to compare, %s", (name, rows, columns) => {
  const axis = (label: string, count: number) => ({ label, unit: 'm', start: 0, spacing: 10, count })
  const wave = (i: number) => Math.sin(i / columns / 7) * Math.cos(((i % columns) * 9) / columns)
  const values = Float64Array.from({ length: rows * columns }, (_, i) => wave(i) ** 41 / 1000)
  const marks = [
    { label: 'sources', at: [[10 * rows - 60, 5 * columns]] },
    { label: 'receivers', at: Array.from({ length: 12 }, (_, k) => [20, (10 * columns * (k + 0.5)) / 12]) },
  ]
  const field = {
    label: 'velocity',
    unit: 'm/s',
    axes: [axis('depth', rows), axis('distance', columns)],
    marks,
  }
  const beside = { values: values.map((_, i) => 1500 + 400 * wave(i)), name: 'true.npy' }
  expectPicture(`gradient-beside-${name}`, gradientPicture({ values, field, caption: 'made up', beside }))
})

it('a picture of something else is noticed', async () => {
  const [other] = await drawn(compare.counts.replace('--disk 50', '--disk 45'), { '--png': 'other.png' })
  if (process.env['UPDATE'] !== '1')
    expect(() => expectPicture('compare-counts', other!)).toThrow(/differs from/)
})
