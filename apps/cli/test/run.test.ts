import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { cli, newDirectory } from './support/cli.js'

const model = 'run --model burgers1d --points 63 --steps 200'.split(' ')

async function json(...flags: string[]): Promise<any> {
  const { code, stdout, stderr } = await cli([...model, ...flags, '--json', '--no-progress'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

describe('--json', () => {
  it('says what a run took', async () => {
    const result = await json('--schedule', 'multistage', '--ram', '3', '--disk', '1')
    expect(result).toMatchObject({
      model: 'burgers1d',
      schedule: 'multistage',
      steps: 200,
      adjointSteps: 200,
      peakCheckpoints: { RAM: 3, DISK: 1 },
      peakBytes: { RAM: 3 * 63 * 8, DISK: 63 * 8 },
      servedBy: { RAM: 'memory', DISK: 'files' },
      storeAllBytes: 200 * 63 * 8,
      taylor: null,
      image: null,
    })
    expect(result.forwardSteps).toBe(result.optimum)
    expect(result.recomputeFactor).toBe(result.forwardSteps / 200)
    expect(JSON.stringify(result).match(/\b[0-9a-f]{64}\b/g)).toEqual([result.gradientSha256])
  })

  it('finds a bit-for-bit identical gradient under every schedule', async () => {
    const results = await Promise.all([
      json('--schedule', 'single-memory'),
      json('--schedule', 'single-disk', '--move-data'),
      json('--schedule', 'multistage', '--ram', '1'),
      json('--schedule', 'multistage', '--ram', '4kB', '--trajectory', 'revolve'),
      json('--schedule', 'two-level', '--period', '17', '--binomial-snapshots', '2'),
    ])
    expect(new Set(results.map(({ gradientSha256 }) => gradientSha256)).size).toBe(1)
    expect(results[3].peakCheckpoints).toEqual({ RAM: Math.floor(4000 / (63 * 8)) - 4 })
  })

  it('has the Taylor test on demand', async () => {
    const { taylor } = await json('--schedule', 'single-memory', '--taylor')
    expect(taylor.rate).toBeGreaterThan(1.95)
    expect(taylor.rate).toBeLessThan(2.05)
    expect(taylor.rows).toHaveLength(5)
    expect(taylor).toMatchObject({ verdict: 'passed', exact: false })
    expect(taylor.slopeError + taylor.uncertainty).toBeLessThan(1e-5)
  })
})

describe('the summary', () => {
  it('is for people', async () => {
    const { stdout } = await cli([...model, '--schedule', 'multistage', '--disk', '3', '--taylor'])
    expect(stdout).toMatch(/^steps +200$/m)
    expect(stdout).toMatch(/^forward steps +([\d,]+) +optimum \1$/m)
    expect(stdout).toMatch(/^in DISK +1\.5 kB +at most 3 checkpoints, in files in \//m)
    expect(stdout).toMatch(/^storing every step +101 kB/m)
    expect(stdout).toMatch(
      /^Taylor test +passed +rates (1\.9|2\.0)\d+ … (1\.9|2\.0)\d+; the slope is right to a relative error of \de-\d+/m,
    )
  })
})

describe('--image', () => {
  const cwd = newDirectory()

  it.each([
    ['a line', model],
    ['a map', 'run --model wave2d --steps 60'.split(' ')],
  ])('draws %s as PNG', async (name, args) => {
    const file = join(cwd, `${name}.png`)
    const { code } = await cli([...args, '--schedule', 'single-memory', '--image', file], { cwd })
    expect(code).toBe(0)
    const { width, height, data } = decode(readFileSync(file))
    expect(width).toBeGreaterThan(800)
    expect(height).toBeGreaterThan(400)
    // Drawn on: text and axes are dark, the gradient is coloured.
    let dark = 0
    let coloured = 0
    for (let i = 0; i < data.length; i += 4) {
      const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!]
      if (Math.max(r, g, b) < 80) dark += 1
      if (Math.max(r, g, b) - Math.min(r, g, b) > 60) coloured += 1
    }
    expect(dark).toBeGreaterThan(2000)
    expect(coloured).toBeGreaterThan(2000)
  })

  it('draws SVG, and replaces a file only by force', async () => {
    const file = join(cwd, 'picture.svg')
    writeFileSync(file, 'mine')
    const typed = [...model, '--schedule', 'single-memory', '--image', 'picture.svg']
    expect((await cli(typed, { cwd })).code).toBe(2)
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect((await cli([...typed, '--force'], { cwd })).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toMatch(
      /^<svg [\s\S]*Gradient with respect to the initial condition[\s\S]*<\/svg>\n$/,
    )
    expect(readdirSync(cwd).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})

describe('progress and Ctrl-C', () => {
  const long = 'run --model burgers1d --schedule multistage --ram 4 --steps 40000'.split(' ')

  it('ends with 130 and leaves nothing behind', async () => {
    const cwd = newDirectory()
    const { code, stdout, stderr } = await cli([...long, '--image', 'picture.png'], {
      cwd,
      killAfter: /left\n/,
    })
    expect(stderr).toMatch(/^gradient: \d+%, (forward|reverse), forward [\d,]+\/[\d,]+, adjoint /)
    expect(stderr).toMatch(/checkpoint-schedules: interrupted; nothing was written\.\n$/)
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(existsSync(join(cwd, 'picture.png'))).toBe(false)
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe('the gradient as files', () => {
  const typed =
    'run --model burgers1d --points 63 --steps 50 --schedule revolve --ram 5 --gradient out --json'.split(' ')

  it('is what NumPy reads, with the bits that the digest tells of', async () => {
    const cwd = newDirectory()
    const { code, stdout } = await cli(typed, { cwd })
    expect(code).toBe(0)
    const result = JSON.parse(stdout) as { gradientSha256: string; gradientDirectory: string }
    expect(result.gradientDirectory).toBe('out')
    expect(readdirSync(join(cwd, 'out'))).toEqual(['value.npy'])
    const file = readFileSync(join(cwd, 'out', 'value.npy'))
    expect(file.toString('latin1', 10, 80)).toMatch(
      /^\{'descr': '<f8', 'fortran_order': False, 'shape': \(63,\), \}/,
    )
    const numbers = file.subarray(file.length - 63 * 8)
    expect(createHash('sha256').update(numbers).digest('hex')).toBe(result.gradientSha256)
  })

  it("never goes into a directory with the user's files", async () => {
    const cwd = newDirectory()
    mkdirSync(join(cwd, 'out'))
    writeFileSync(join(cwd, 'out', 'mine'), '')
    const { code, stdout, stderr } = await cli(typed, { cwd })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/out: expected an empty directory, or a name for a new one; it has files in it/)
    expect(readdirSync(join(cwd, 'out'))).toEqual(['mine'])
  })
})
