import { spawn } from 'node:child_process'
import { formatAction, parseAction } from '@checkpoint-schedules/core'
import { heterogeneous } from '@checkpoint-schedules/heterogeneous'
import { multistage } from '@checkpoint-schedules/multistage'
import { expect, it } from 'vitest'
import { cli, script } from './support/cli.js'

const typed = 'actions multistage --steps 20 --ram 2 --disk 1'.split(' ')
const expected = [...multistage({ steps: 20, snapshotsInRam: 2, snapshotsOnDisk: 1 })]

it('prints canonical text', async () => {
  const { code, stdout, stderr } = await cli(typed)
  expect(stdout).toBe(expected.map((action) => `${formatAction(action)}\n`).join(''))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

it.each(['json', 'python'])('prints %s that can be read back', async (format) => {
  const { stdout } = await cli([...typed, '--format', format])
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => parseAction(line)),
  ).toEqual(expected)
})

it('repeats the adjoint where that is permitted', async () => {
  const { stdout } = await cli('actions single-memory --steps 3 --adjoints 3'.split(' '))
  expect(stdout.match(/EndReverse/g)).toHaveLength(3)
})

it('is silent when its reader has seen enough', async () => {
  const child = spawn(process.execPath, [script, ...'actions multistage --steps 1e6 --ram 10'.split(' ')])
  let stderr = ''
  child.stderr.on('data', (data) => (stderr += data))
  child.stdout.once('data', () => child.stdout.destroy())
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

it('streams millions of actions in little memory', async () => {
  // A heap this small could not hold the lines.
  const args = ['--max-old-space-size=40', script, ...'actions multistage --steps 400000 --ram 20'.split(' ')]
  const child = spawn(process.execPath, args)
  let bytes = 0
  child.stdout.on('data', (data: Buffer) => (bytes += data.length))
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(code).toBe(0)
  expect(bytes).toBeGreaterThan(50e6)
})

it('reads numbers by step, records and sizes', async () => {
  const sizes = '--forward-cost 1:2:1:2 --adjoint-cost 1 --state-bytes 2 --tape-bytes 1e6 --ram 3B'
  const disk = '--disk bytes=unlimited,write-latency=1 --working forward=1,tape=1,adjoint=0:1:0:1,standing=0'
  const { stdout, stderr } = await cli(`actions heterogeneous --steps 4 ${sizes} ${disk}`.split(' '))
  const schedule = heterogeneous({
    steps: 4,
    forwardCost: [1, 2, 1, 2],
    adjointCost: 1,
    stateBytes: 2,
    tapeBytes: 1e6,
    ramBytes: 3,
    disk: { writeLatency: 1 },
    working: { forward: 1, tape: 1, adjoint: [0, 1, 0, 1], standing: 0 },
  })
  expect(stderr).toBe('')
  expect(stdout).toBe(Array.from(schedule, (action) => `${formatAction(action)}\n`).join(''))
})
