/** Checkpoints on disk under every family that uses one: the same bits as in memory, and nothing left behind. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { singleDisk, singleMemory } from '@checkpoint-schedules/basic'
import type { Schedule } from '@checkpoint-schedules/core'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { mixed } from '@checkpoint-schedules/mixed'
import { wave2d } from '@checkpoint-schedules/models'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { diskRevolve, hRevolve } from '@checkpoint-schedules/revolve'
import { fileStore } from '@checkpoint-schedules/storage-fs'
import { afterAll, expect, test } from 'vitest'

const steps = 40
const problem = wave2d({ steps })
const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function gradientOf(schedule: Schedule, directory?: string, buffers?: number) {
  const stores = directory === undefined ? {} : { DISK: fileStore({ directory }) }
  const { model, initialState, terminalAdjoint } = problem
  const result = await runAdjoint({ schedule, model, initialState, terminalAdjoint, steps, stores, buffers })
  const gradient = await problem.gradient(result.adjoints[0]!)
  return { gradient: new BigUint64Array(gradient.buffer), statistics: result.statistics }
}

const levels = [
  { storage: 'RAM', slots: 1, writeCost: 0, readCost: 0 },
  { storage: 'DISK', slots: 4, writeCost: 1, readCost: 1 },
]

test.each<[string, Schedule]>([
  ['singleDisk', singleDisk()],
  ['singleDisk, moved', singleDisk({ moveData: true })],
  ['multistage', multistage({ steps, snapshotsInRam: 2, snapshotsOnDisk: 4 })],
  ['twoLevel', twoLevel({ period: 9, binomialSnapshots: 2 })],
  ['diskRevolve', diskRevolve({ steps, snapshotsInRam: 1 })],
  ['hRevolve', hRevolve({ steps, levels })],
  ['mixed', mixed({ steps, snapshots: 6 })],
])('%s', async (name, schedule) => {
  const expected = await gradientOf(singleMemory())
  for (const buffers of [0, 2, 4]) {
    const directory = join(folder, `${name.replaceAll(/\W/g, '-')}-${buffers}`)
    const { gradient, statistics } = await gradientOf(schedule, directory, buffers)
    expect(gradient).toEqual(expected.gradient)
    expect(statistics.storages['DISK']).toMatchObject({ medium: 'files' })
    expect(existsSync(directory)).toBe(false)
  }
})
