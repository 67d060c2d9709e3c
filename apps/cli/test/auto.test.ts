/** `run --schedule auto`: measured, planned, said in two lines, and within the bytes. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, newDirectory } from './support/cli.js'

const model = 'run --model burgers1d --points 63 --steps 200 --no-progress'.split(' ')
const stateBytes = 63 * 8

describe('run --schedule auto', () => {
  it.each([
    ['--ram', `${5 * stateBytes}B`],
    ['--ram', '10kB'],
    ['--ram', '10kB', '--disk', '1.5kB'],
    ['--ram', '5kB', '--disk', '1GB'],
    ['--ram', '1MB', '--disk', '1GB'],
  ])('stays within %s %s %s %s', async (...budget) => {
    const { code, stdout, stderr } = await cli([...model, '--schedule', 'auto', ...budget, '--json'])
    expect(code).toBe(0)
    const { schedule, peakLiveBytes, peakBytes, memoryBudgetBytes, gradientSha256 } = JSON.parse(stdout)
    const bytes = (text = '0B') =>
      Number.parseFloat(text) * { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 }[/[kMG]?B/.exec(text)![0]]!
    expect(memoryBudgetBytes).toBe(bytes(budget[1]))
    expect(peakLiveBytes).toBeLessThanOrEqual(memoryBudgetBytes)
    expect(peakBytes.DISK ?? 0).toBeLessThanOrEqual(bytes(budget[3]))
    const lines = stderr.trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain(`auto: ${schedule}, `)
    expect(lines[1]).toMatch(/^Why: each step is taken \d+\.\d\d times on average; measured: step /)
    const plain = await cli([...model, '--schedule', 'single-memory', '--json'])
    expect(gradientSha256).toBe(JSON.parse(plain.stdout).gradientSha256)
  })

  it('resumes with the schedule that it has chosen', async () => {
    const cwd = newDirectory()
    const driver = import.meta
      .resolve('@checkpoint-schedules/driver')
      .replace(/src\/index\.ts$/, 'dist/index.js')
    // Fails in the reverse of the run; measuring reverses no more than 100 steps in a row.
    writeFileSync(
      join(cwd, 'stops.mjs'),
      `import { defineProblem } from ${JSON.stringify(driver)}
      let [row, next] = [0, -1]
      export const stops = defineProblem({ name: 'stops', summary: 'Stops.', options: {},
        create: (_options, control = 1) => ({
          model: { step: (x) => x * 0.99, tape: (x) => ({ state: x * 0.99, tape: x }),
            adjoint: (a, tape, n) => { row = n === next ? row + 1 : 0; next = n - 1
              if (row > 120 && process.env.STOP) throw new Error('stopped'); return a * 0.99 } },
          initialState: control, steps: 200, terminalAdjoint: 1, objective: (x) => x, gradient: (a) => a, control }) })`,
    )
    const typed = 'run --model ./stops.mjs --schedule auto --ram 120B --journal kept --journal-every 0'.split(
      ' ',
    )
    const first = await cli([...typed, '--json'], { cwd, env: { STOP: '1' } })
    expect(first.code).toBe(1)
    const chosen = /auto: ([a-z-]+), /.exec(first.stderr)![1]
    const again = await cli([...typed.slice(0, 7), '--resume', 'kept', '--json'], { cwd })
    expect(again.stderr).toContain(`auto: ${chosen}, as in the journal.`)
    expect(again.code).toBe(0)
    expect(JSON.parse(again.stdout).schedule).toBe(chosen)
  })

  it.each([
    ['--schedule auto', /needs --ram, the memory that the run may take/],
    [
      '--schedule auto --ram 10',
      /--ram must be a size such as .*; got 10\. A number of checkpoints needs a schedule by name/,
    ],
    [
      '--schedule auto --ram 1kB',
      /no schedule fits the budget of RAM 1000 bytes\. The least that would work is RAM 2520 bytes/,
    ],
    ['--schedule auto --ram 4kB --trajectory maximum', /has no flag --trajectory/],
  ])('%s: one sentence, exit code 2', async (typed, message) => {
    const { code, stdout, stderr } = await cli([...model, ...typed.split(' ')])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})
