/** plot: a picture, or a page, of a schedule. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { cli, newDirectory } from './support/cli.js'

const revolve = 'plot revolve --steps 10 --ram 3'.split(' ')

describe('plot', () => {
  it('writes SVG, PNG and a page at once, and says nothing', async () => {
    const cwd = newDirectory()
    const files = '--svg a.svg --png a.png --html a.html'.split(' ')
    expect(await cli([...revolve, ...files], { cwd })).toEqual({ code: 0, stdout: '', stderr: '' })
    const svg = readFileSync(join(cwd, 'a.svg'), 'utf8')
    expect(svg).toContain('Revolve: 10 steps, at most 3 in RAM')
    expect(svg).toContain('40 actions, 25 forward steps, time 35')
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!
    const png = decode(readFileSync(join(cwd, 'a.png')))
    expect([png.width, png.height]).toEqual([2 * Number(width), 2 * Number(height)])
    expect(readFileSync(join(cwd, 'a.html'), 'utf8')).toMatch(/^<!doctype html>/)
  })

  it('puts time across, under the costs of the schedule', async () => {
    const cwd = newDirectory()
    const flags = '--steps 40 --ram 2 --disk 4 --write-disk 10 --across time --svg a.svg'.split(' ')
    expect((await cli(['plot', 'h-revolve', ...flags], { cwd })).code).toBe(0)
    const svg = readFileSync(join(cwd, 'a.svg'), 'utf8')
    const cheap = (
      await cli(['plot', 'h-revolve', ...flags.map((it) => (it === '10' ? '0' : it)), '--force'], { cwd })
    ).code
    expect(cheap).toBe(0)
    const time = (text: string) => Number(/, time ([\d,.]+)/.exec(text)![1]!.replaceAll(',', ''))
    expect(time(svg)).toBeGreaterThan(time(readFileSync(join(cwd, 'a.svg'), 'utf8')))
  })

  it('is readable for many steps: the picture does not grow with them', async () => {
    const cwd = newDirectory()
    const sizes = []
    for (const steps of ['10000', '100000']) {
      await cli(['plot', 'revolve', '--steps', steps, '--ram', '30', '--svg', `${steps}.svg`], { cwd })
      sizes.push(statSync(join(cwd, `${steps}.svg`)).size)
    }
    expect(sizes[1]).toBeLessThan(2 * sizes[0]!)
  })

  it('refuses more actions than can be drawn, and says how many', async () => {
    const cwd = newDirectory()
    const flags = 'plot revolve --steps 1e6 --ram 100 --html a.html'.split(' ')
    const { code, stderr } = await cli(flags, { cwd })
    expect(code).toBe(2)
    expect(stderr).toMatch(/revolve with 1,000,000 steps has more than 500,000 actions, the most in a page/)
    expect(readdirSync(cwd)).toEqual([])
  })

  it.each([
    [['--svg', 'there.svg'], /there\.svg: already exists; pass --force/],
    [[], /plot needs a file for its picture: --svg FILE, --png FILE or --html FILE/],
    [['--svg', 'a', '--png', 'a'], /need different files/],
    [['--svg', 'a.svg', '--across', 'tim'], /value of --across "tim".*time/],
    [['--svg', 'nowhere/a.svg'], /nowhere/],
  ])('%j is refused before any work, and nothing is left', async (flags, message) => {
    const cwd = newDirectory()
    writeFileSync(join(cwd, 'there.svg'), 'mine')
    const { code, stdout, stderr } = await cli([...revolve, ...flags], { cwd })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(readFileSync(join(cwd, 'there.svg'), 'utf8')).toBe('mine')
    expect(readdirSync(cwd)).toEqual(['there.svg'])
  })
})
