/** Checkpoints on disk, as a user of the command line meets them. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, newDirectory } from './support/cli.js'

const onDisk = '--schedule multistage --ram 1 --disk 4'.split(' ')
const short = ['run', '--model', 'burgers1d', '--points', '63', '--steps', '200', ...onDisk]
const long = ['run', '--model', 'burgers1d', '--steps', '40000', ...onDisk]

describe('run', () => {
  const cwd = newDirectory()
  const temporary = join(cwd, 'tmp')
  mkdirSync(temporary)
  const env = { TMPDIR: temporary }

  it('keeps them in a temporary directory, and removes it', async () => {
    const { code, stdout } = await cli([...short, '--json'], { cwd, env })
    expect(code).toBe(0)
    const { servedBy, checkpointDirectory } = JSON.parse(stdout) as Record<string, any>
    expect(servedBy).toEqual({ RAM: 'memory', DISK: 'files' })
    expect(checkpointDirectory).toMatch(new RegExp(`^${temporary}/checkpoint-schedules-`))
    expect(readdirSync(temporary)).toEqual([])
  })

  it('or where the user says, with the same gradient', async () => {
    const elsewhere = await cli([...short, '--json', '--checkpoint-dir', 'scratch'], { cwd, env })
    const inMemory = await cli([...short.slice(0, -2), '--json'], { cwd, env })
    const hash = ({ stdout }: { stdout: string }) =>
      (JSON.parse(stdout) as Record<string, unknown>)['gradientSha256']
    expect(hash(elsewhere)).toBe(hash(inMemory))
    expect(existsSync(join(cwd, 'scratch'))).toBe(false)
  })

  it('refuses a directory that holds something else', async () => {
    const full = join(cwd, 'full')
    mkdirSync(full)
    writeFileSync(join(full, 'mine.txt'), '')
    const { code, stderr } = await cli([...short, '--checkpoint-dir', 'full'], { cwd, env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^checkpoint-schedules: .*full holds files that are not ours.*\n$/)
    expect(readdirSync(full)).toEqual(['mine.txt'])
  })

  it('leaves nothing after Ctrl-C', async () => {
    const { code } = await cli(long, { cwd, env, killAfter: /left\n/ })
    expect(code).toBe(130)
    expect(readdirSync(temporary)).toEqual([])
  })
})

describe('clean', () => {
  it('removes what a kill left', async () => {
    const cwd = newDirectory()
    const { code } = await cli([...long, '--checkpoint-dir', 'scratch'], {
      cwd,
      killAfter: /left\n/,
      signal: 'SIGKILL',
    })
    expect(code).not.toBe(0)
    const cleaned = await cli(['clean', 'scratch'], { cwd })
    expect(cleaned).toMatchObject({
      code: 0,
      stdout: 'storage-0.slots\ncheckpoint-schedules.run\n',
      stderr: '',
    })
    expect(readdirSync(cwd)).toEqual([])
    const again = await cli(['clean', 'scratch'], { cwd })
    expect(again).toMatchObject({ code: 0, stdout: '' })
    expect(again.stderr).toMatch(/there is no directory .*scratch; nothing to clean/)
  })

  it('touches nothing else', async () => {
    const cwd = newDirectory()
    writeFileSync(join(cwd, 'storage-0.slots'), '')
    const { code, stderr } = await cli(['clean', '.'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toMatch(/is not the directory of a run.*nothing was deleted/)
    expect(readdirSync(cwd)).toEqual(['storage-0.slots'])
    expect((await cli(['clean'], { cwd })).code).toBe(2)
    expect((await cli(['clean', 'a', 'b'], { cwd })).code).toBe(2)
  })
})
