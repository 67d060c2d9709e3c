/** `--ram 8MB` is kept: what a run holds in memory is within it, or it is said by how much it is not. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, newDirectory } from './support/cli.js'

const burgers = 'run --model burgers1d --points 63 --steps 200 --json'.split(' ')
const stateBytes = 63 * 8

/** Schedules with a size, and how many bytes a run needs besides its first checkpoint in memory. */
const schedules: readonly [typed: string, working: number][] = [
  ['revolve --ram SIZE', 4 * stateBytes],
  ['multistage --ram SIZE', 4 * stateBytes],
  ['multistage --ram SIZE --disk 2', 6 * stateBytes],
  ['h-revolve --ram SIZE --disk 2kB', 6 * stateBytes],
  ['h-revolve --levels storage=RAM,slots=SIZE --levels storage=DISK,slots=2', 6 * stateBytes],
  ['disk-revolve --ram SIZE', 6 * stateBytes],
  ['mixed --snapshots SIZE --storage RAM', 4 * stateBytes],
  ['two-level --period 40 --binomial-snapshots SIZE --binomial-storage RAM', 6 * stateBytes],
]

const run = (typed: string, size: number) =>
  cli([...burgers, '--schedule', ...typed.replace('SIZE', `${size}B`).split(' ')])

describe('a size', () => {
  it.each(schedules)('%s', async (typed, working) => {
    for (const slots of [1, 3]) {
      const size = working + slots * stateBytes
      const { code, stdout, stderr } = await run(typed, size)
      expect([code, stderr]).toEqual([0, expect.not.stringContaining('more in memory')])
      const { peakLiveBytes, memoryBudgetBytes, peakCheckpoints } = JSON.parse(stdout)
      expect(memoryBudgetBytes).toBe(size)
      expect(peakLiveBytes).toBeLessThanOrEqual(size)
      expect(peakCheckpoints.RAM).toBeGreaterThanOrEqual(1)
      expect(peakCheckpoints.RAM).toBeLessThanOrEqual(slots)
    }
    const { code, stdout, stderr } = await run(typed, working + stateBytes - 1)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(`Pass at least ${working + stateBytes}B, which is 1B more.`)
  })

  it('on disk counts checkpoints alone', async () => {
    const { stdout } = await run('mixed --snapshots SIZE', 3 * stateBytes)
    const { peakCheckpoints, memoryBudgetBytes } = JSON.parse(stdout)
    expect([peakCheckpoints, memoryBudgetBytes]).toEqual([{ DISK: 3 }, null])
  })

  it('that is not kept, because values grow, is said to be exceeded, and by how much', async () => {
    const cwd = newDirectory()
    const driver = import.meta
      .resolve('@checkpoint-schedules/driver')
      .replace(/src\/index\.ts$/, 'dist/index.js')
    // The tape of step n has n + 1 numbers.
    writeFileSync(
      join(cwd, 'grows.mjs'),
      `import { defineProblem } from ${JSON.stringify(driver)}
      export const grows = defineProblem({ name: 'grows', summary: 'Its tapes grow.', options: {},
        create: (_options, control = 1) => ({
          model: { step: (x) => x, tape: (x, n) => ({ state: x, tape: new Float64Array(n + 1) }), adjoint: (a) => a },
          initialState: control, steps: 100, terminalAdjoint: 1, objective: (x) => x, gradient: (a) => a, control }) })`,
    )
    const typed = 'run --model ./grows.mjs --schedule revolve --ram 48B'.split(' ')
    const { code, stdout, stderr } = await cli([...typed, '--json'], { cwd })
    expect(code).toBe(0)
    const { peakLiveBytes, peakCheckpoints } = JSON.parse(stdout)
    expect(peakCheckpoints).toEqual({ RAM: 2 })
    expect(peakLiveBytes).toBeGreaterThan(48)
    expect(stderr).toContain(`the run held ${peakLiveBytes - 48} B`)
    expect(stderr).toMatch(/more in memory than --ram 48B: /)
    expect((await cli(typed, { cwd })).stdout).toMatch(/^all memory .*; more than --ram 48B$/m)
  })
})
