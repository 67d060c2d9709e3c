import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadSchedules } from '../src/discovery/load.js'
import { cli } from './support/cli.js'

interface NotebookCase {
  readonly schedule: string
  readonly steps: number
  readonly options: Readonly<Record<string, number>>
  readonly lines: readonly string[]
}

const fixture = new URL('fixtures/notebook.json', import.meta.url)
const cases = JSON.parse(readFileSync(fixture, 'utf8')) as NotebookCase[]
const { entries: known } = await loadSchedules()

describe("the tutorial's own lines", () => {
  for (const { schedule, steps, options, lines } of cases) {
    // The fixture has every family; those of packages that are not built are left out.
    const test = known.has(schedule) ? it.concurrent : it.skip
    test(schedule, async () => {
      const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
      const typed = ['diagram', schedule, '--steps', String(steps), ...flags, '--dialect', 'notebook']
      expect((await cli(typed)).stdout.split('\n')).toEqual([...lines, ''])
    })
  }
})

describe('our own lines', () => {
  it('show checkpoints and actions', async () => {
    const { stdout } = await cli('diagram multistage --steps 3 --ram 1'.split(' '))
    expect(stdout).toMatchInlineSnapshot(`
      "multistage: 3 steps, most checkpoints at once: RAM 1
      ---> forward   ===> forward, taped   <==| adjoint   ^ read back
      R checkpoint in RAM (r: tape of a step)

      0   1   2   3
      +---+---+---+
      R--->--->      Forward(0, 2, true, false, RAM)
      R       |===>  Forward(2, 3, false, true, ADJ_DEPS)
      R              EndForward()
      R        <==|  Reverse(3, 2, true)
      R^             Copy(0, RAM, FWD_RESTART)
      R--->          Forward(0, 1, false, false, FWD_RESTART)
      R   |===>      Forward(1, 2, false, true, ADJ_DEPS)
      R    <==|      Reverse(2, 1, true)
      ^              Move(0, RAM, FWD_RESTART)
      |===>          Forward(0, 1, false, true, ADJ_DEPS)
       <==|          Reverse(1, 0, true)
                     EndReverse()
      "
    `)
  })

  it.concurrent.each([1, 2, 5, 17, 30, 60, 100, 1000, 12_345])('%i steps fit, aligned', async (steps) => {
    const { stdout } = await cli([
      'diagram',
      'multistage',
      '--steps',
      String(steps),
      '--ram',
      '5',
      '--width',
      '90',
    ])
    const lines = stdout
      .split('\n')
      .slice(4, 400)
      .filter((line) => line !== '')
    const texts = new Set(lines.slice(2).map((line) => line.search(/[A-Z][a-zA-Z]+\(/)))
    expect(texts.size).toBe(1)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(90)
  })
})
