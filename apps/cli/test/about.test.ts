/** list, show, cite: what the schedules say about themselves. */
import { describe, expect, it } from 'vitest'
import { cli } from './support/cli.js'

const names = (JSON.parse((await cli(['list', '--json'])).stdout) as { name: string }[]).map(
  ({ name }) => name,
)

describe('list', () => {
  it('has every schedule with its options', async () => {
    expect(names).toEqual(expect.arrayContaining(['revolve', 'two-level', 'h-revolve', 'none']))
    const { code, stdout, stderr } = await cli(['list'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const name of names) expect(stdout).toMatch(new RegExp(`^${name} +\\S`, 'm'))
    expect(stdout).toMatch(/^ +offline, one adjoint; --steps --ram$/m)
  })

  it('takes no argument', async () => {
    const { code, stdout, stderr } = await cli(['list', 'revolve'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/list takes no argument; got "revolve"\. See checkpoint-schedules show revolve\./)
  })
})

describe('show', () => {
  it.each(names)('%s', async (name) => {
    const { code, stdout, stderr } = await cli(['show', name])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^(Online|Offline): /m)
    expect(stdout).toMatch(/^Options:$/m)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThan(130)
  })

  it('says ranges, defaults and references', async () => {
    const { stdout } = await cli(['show', 'disk-revolve'])
    expect(stdout).toMatch(/--ram, --snapshots-in-ram +checkpoints in memory \(integer >= 1, required\)/)
    expect(stdout).toMatch(/https:\/\/doi\.org\/10\./)
  })

  it('suggests the nearest name', async () => {
    const { code, stderr } = await cli(['show', 'revolv'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/there is no schedule "revolv"\. Did you mean revolve\?/)
  })
})

describe('cite', () => {
  it('prints BibTeX with braces that match', async () => {
    const { stdout } = await cli(['cite', 'multistage'])
    expect(stdout.match(/^@article\{\w+\d{4},$/gm)).toHaveLength(2)
    expect(stdout).toMatch(
      /journal = \{ACM Transactions on Mathematical Software\},\n {2}volume {2}= \{26\},\n {2}number {2}= \{1\},\n {2}pages {3}= \{19--45\},/,
    )
    expect(stdout.match(/\{/g)!.length).toBe(stdout.match(/\}/g)!.length)
  })

  it('has nothing to say where nothing was published', async () => {
    const { code, stdout, stderr } = await cli(['cite', 'none'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toMatch(/has no reference/)
  })
})
