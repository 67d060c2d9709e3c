/** What people see: bars, colours and widths, in a pseudo-terminal. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, newDirectory } from './support/cli.js'
import { noTerminal, onTerminal, plainLines } from './support/terminal.js'

/** Hides the cursor, or turns wrapping off: what a killed process would leave. */
const modes = new RegExp(String.raw`${'\u001B'}\[\?\d+[hl]`)
const colour = new RegExp(String.raw`${'\u001B'}\[3\dm`)
const long = 'run --model burgers1d --schedule multistage --ram 4 --steps 40000'

describe.skipIf(noTerminal)('in a terminal (skipped where there is no script of util-linux)', () => {
  describe('the progress bar', () => {
    it('moves, says what is left, and is gone at the end', async () => {
      const { code, screen } = await onTerminal(long)
      expect(code).toBe(0)
      const percentages = Array.from(screen.matchAll(/(\d+)%/g), ([, percent]) => Number(percent))
      expect(percentages.length).toBeGreaterThan(3)
      expect(percentages).toEqual(percentages.toSorted((a, b) => a - b))
      expect(screen).toMatch(/gradient .*█+░+.*\d+% .* left/)
      expect(screen).not.toMatch(modes)
      // What follows the last clearing of its line is the summary.
      expect(plainLines(screen.slice(screen.lastIndexOf('\u001B[2K')))[0]).toMatch(/^model +burgers1d$/)
    })

    it('is not among the data', async () => {
      const cwd = newDirectory()
      const { code, screen } = await onTerminal(`${long} --json > result.json`, { cwd })
      expect(code).toBe(0)
      expect(screen).toMatch(/█/)
      expect(JSON.parse(readFileSync(join(cwd, 'result.json'), 'utf8'))).toMatchObject({ steps: 40_000 })
    })

    it('stays away where it is not wanted', async () => {
      const { code, screen } = await onTerminal(`${long} --no-progress`)
      expect(code).toBe(0)
      expect(screen).not.toMatch(/█|░|%/)
    })

    it('leaves the terminal as it was at Ctrl-C, with exit code 130 and no file left', async () => {
      const cwd = newDirectory()
      const press = { keys: '\u0003', when: /█/ }
      const { code, screen } = await onTerminal(`${long} --image late.png`, { cwd, press })
      expect(code).toBe(130)
      expect(screen).not.toMatch(modes)
      expect(plainLines(screen).join('\n')).toMatch(
        /checkpoint-schedules: interrupted; nothing was written\.\n$/,
      )
      expect(readdirSync(cwd)).toEqual([])
    })
  })

  it('colours, unless NO_COLOR or a dumb terminal', async () => {
    const typed = 'diagram revolve --steps 5 --ram 2'
    expect((await onTerminal(typed)).screen).toMatch(colour)
    expect((await onTerminal(typed, { env: { NO_COLOR: '1' } })).screen).not.toContain('\u001B')
    expect((await onTerminal(typed, { env: { TERM: 'dumb' } })).screen).not.toContain('\u001B')
  })

  it('actions that are typed are waited for, and say so', async () => {
    const press = { keys: 'Reverse(1, 0, true)\n\u0004', when: /Ctrl-D ends them/ }
    const { code, screen } = await onTerminal('verify -', { press })
    expect(code).toBe(1)
    expect(screen).toMatch(/action 0 breaks the law/)
  })

  it.each([60, 80])('a progress line that fits %d columns', async (columns) => {
    const typed = 'run --model burgers1d --points 4095 --steps 20000 --schedule auto --ram 600kB'
    const { code, screen } = await onTerminal(typed, { columns })
    expect(code).toBe(0)
    expect(screen).toMatch(/█/)
    // Each update goes back to the first column.
    const updates = screen.split('\r').flatMap(plainLines)
    expect(updates.filter((line) => line.includes('█')).length).toBeGreaterThan(1)
    for (const line of updates) expect(line.length).toBeLessThanOrEqual(columns)
  })

  it.each([60, 80])('a progress line over all parts that fits %d columns', async (columns) => {
    const typed =
      'gradient --model wave2d --shots 6 --steps 200 --schedule multistage --ram 5 --parts all --workers 2 --out out'
    const { code, screen } = await onTerminal(typed, { columns })
    expect(code).toBe(0)
    const updates = screen.split('\r').flatMap(plainLines)
    expect(updates.filter((line) => /█+.*\d of 6 parts/.test(line)).length).toBeGreaterThan(1)
    for (const line of updates) expect(line.length).toBeLessThanOrEqual(columns)
  })

  it.each([80, 120])('lines that fit %d columns', async (columns) => {
    const cwd = newDirectory()
    const { stdout } = await cli('actions h-revolve --steps 40 --ram 3 --disk 2'.split(' '))
    writeFileSync(join(cwd, 'trace.txt'), stdout)
    for (const typed of [
      'list',
      'show h-revolve',
      'show two-level',
      'simulate trace.txt',
      '--help',
      'run --help',
      'plot --help',
      'diagram two-level --steps 200 --period 20 --binomial-snapshots 2',
      'compare --steps 1000 --ram 10 --disk 50',
      'compare --steps 2000 --ram 8GB --disk 1TB --state-bytes 80MB --tape-bytes 180MB --forward-time 200ms',
      'run --model burgers1d --steps 100 --schedule auto --ram 20kB --no-progress',
      'run --model burgers1d --steps 20 --schedule multistage --ram 3 --no-progress --taylor',
    ]) {
      const { code, screen } = await onTerminal(typed, { cwd, columns })
      expect(code).toBe(0)
      expect(plainLines(screen).length).toBeGreaterThan(4)
      for (const line of plainLines(screen)) expect(line.length).toBeLessThanOrEqual(columns)
    }
  })
})

it('no colours in a pipe, unless FORCE_COLOR', async () => {
  const typed = 'diagram revolve --steps 5 --ram 2'.split(' ')
  expect((await cli(typed, { env: { NO_COLOR: '' } })).stdout).not.toContain('\u001B')
  expect((await cli(typed, { env: { NO_COLOR: '', FORCE_COLOR: '1' } })).stdout).toMatch(colour)
})
