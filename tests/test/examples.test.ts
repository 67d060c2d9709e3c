/** The examples that learn: shorter, and with a goal that is easier to reach. Each ends with an error if it misses its goal. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from '../../scripts/workspace.mjs'
import { hasRedis, startRedis } from '../support/redis.mjs'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
afterAll(() => rmSync(folder, { recursive: true }))

function run(example: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join('examples', example, 'run.mjs'), ...args],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  expect(status, stderr).toBe(0)
  return stdout
}
const shorter = {
  'neural-ode': ['--steps', '100', '--loss', '0.004'],
  'burgers-inverse': ['--steps', '100', '--points', '31', '--misfit', '40'],
}

test.each(Object.entries(shorter))('%s reaches its goal', (example, args) => {
  const output = run(example, ...args)
  expect(output).toMatch(/^100 steps, at most \d+ checkpoints in memory/m)
  expect(output.match(/^iteration \d+:/gm)!.length).toBeGreaterThan(2)
})

test.each(Object.entries(shorter))(
  '%s reaches it with steps whose number is unknown, and checkpoints in files',
  (example, args) => {
    const directory = join(folder, example)
    const output = run(example, ...args, '--online', '--disk', directory)
    expect(output).toMatch(/^(?!100 )\d+ steps, at most \d+ checkpoints in files/m)
    expect(existsSync(directory)).toBe(false)
  },
)

test('survey: each iterate has the same bits by the pool and by the queue', async () => {
  const shorter = ['--shots', '2', '--iterations', '1', '--workers', '2']
  const pool = run('survey', ...shorter)
  expect(pool.match(/^iteration \d: misfit .* velocity [0-9a-f]{16}$/gm)).toHaveLength(2)
  if (!hasRedis()) return
  const server = await startRedis()
  try {
    expect(run('survey', ...shorter, '--queue', 'survey', '--redis', server.url)).toBe(pool)
  } finally {
    await server.stop()
  }
})
