/** Journals whose lines are well-formed, with right checksums, and say what cannot be: refused, or an earlier point, never a wrong gradient. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import { type RunEvent, runAdjoint } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { afterAll, describe, expect, test } from 'vitest'
import { fileJournal, readJournal } from '../src/index.js'
import { newDirectory } from './support/directories.js'

const N = 24
const step = (u: Float64Array) => u.map((x) => x - 0.01 * x * x)
class Stop extends Error {}

async function run(directory: string, stopAt = Infinity, everySteps = Infinity) {
  let calls = 0
  const on = () => {
    calls += 1
    if (calls === stopAt) throw new Stop()
  }
  const events: RunEvent[] = []
  const { adjoints } = await runAdjoint({
    schedule: multistage({ steps: N, snapshotsInRam: 1, snapshotsOnDisk: 3 }),
    model: {
      step: (u: Float64Array) => (on(), step(u)),
      tape: (u: Float64Array) => (on(), { state: step(u), tape: u }),
      adjoint: (a: Float64Array, u: Float64Array) => (on(), a.map((x, i) => x * (1 - 0.02 * u[i]!))),
      fingerprint: 'decay',
    },
    initialState: new Float64Array(9000).map((_, i) => 1 + i),
    terminalAdjoint: new Float64Array(9000).fill(1),
    journal: fileJournal(directory, { everySteps }),
    onEvent: (event) => events.push(event),
  })
  return { bits: Buffer.from(adjoints[0]!.buffer).toString('base64'), events }
}

const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
afterAll(() => rmSync(folder, { recursive: true }))
const { bits: expected } = await run(join(folder, 'whole'))

/** A journal of a run that was stopped in the forward, or in the reverse. */
async function stopped(stopAt: number): Promise<string> {
  const directory = join(folder, `stopped-${stopAt}`)
  await expect(run(directory, stopAt, 3)).rejects.toMatchObject({ cause: expect.any(Stop) })
  return directory
}
const [inForward, inReverse] = [await stopped(18), await stopped(60)]

type Json = Record<string, any>

/** A copy of the journal with its last point changed, and with right checksums. */
function changed(directory: string, change: (point: Json, all: Json[]) => void): string {
  const copy = newDirectory()
  cpSync(directory, copy, { recursive: true })
  const path = join(copy, 'journal.log')
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  const values = lines.map((line) => JSON.parse(line.slice(9)) as Json)
  change(values.at(-1)!, values)
  writeFileSync(
    path,
    values
      .map((value) => JSON.stringify(value))
      .map((text) => `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`)
      .join(''),
  )
  return copy
}

async function outcomeOf(directory: string): Promise<'right' | 'refused' | 'wrong'> {
  try {
    const { bits, events } = await run(directory)
    expect(events.length).toBeGreaterThan(0)
    return bits === expected ? 'right' : 'wrong'
  } catch (error) {
    if (isCheckpointScheduleError(error)) {
      expect(error.code, error.message).toBe('INVALID_FILE')
      return 'refused'
    }
    throw error
  }
}

const firstEntry = (point: Json) => (Object.values(point['stores'])[0] as Json)['entries'][0] as Json
const firstStore = (point: Json) => Object.values(point['stores'])[0] as Json

const harms: [string, (point: Json) => void][] = [
  ['a slot beyond the file', (point) => (firstEntry(point)['slot'] = 1e9)],
  ['a slot far beyond', (point) => (firstEntry(point)['slot'] = 2 ** 51)],
  [
    'a million parts of no bytes',
    (point) => (firstEntry(point)['partBytes'] = [72000, ...Array.from({ length: 1e6 }, () => 0)]),
  ],
  [
    'a million parts',
    (point) => {
      const entry = firstEntry(point)
      entry['partBytes'] = Array.from({ length: 1e5 }, () => 65536)
      entry['payloadBytes'] = entry['headBytes'] + 1e5 * 65536
    },
  ],
  ['slots as large as a disk', (point) => (firstStore(point)['slotBytes'] = 4096 * 2 ** 38)],
  ['slots of no bytes', (point) => (firstStore(point)['slotBytes'] = 0)],
  ['the same step twice', (point) => firstStore(point)['entries'].push(firstEntry(point))],
  ['a storage that nobody has', (point) => (point['stores']['GPU'] = firstStore(point))],
  ['a step that the schedule does not hold', (point) => (firstEntry(point)['step'] = 7)],
  ['tape for state', (point) => (firstEntry(point)['kind'] = 'dependency')],
  ['another storage number', (point) => (firstStore(point)['number'] = 2 ** 51)],
  ['fewer actions', (point) => (point['position']['actions'] -= 1)],
  ['no actions', (point) => (point['position']['actions'] = 0)],
  ['more actions', (point) => (point['position']['actions'] += 1)],
  ['more actions than there are', (point) => (point['position']['actions'] = 1e15)],
  ['another place in the action', (point) => (point['position']['at'] += 1)],
  ['no place in the action', (point) => (point['position']['at'] = null)],
  ['more steps reversed', (point) => (point['position']['reversed'] += 1)],
  ['another number of steps', (point) => (point['position']['steps'] += 1)],
  ['no number of steps', (point) => (point['position']['steps'] = null)],
  ['more forward steps', (point) => (point['position']['forwardSteps'] += 1)],
  ['no state', (point) => delete point['values']['state']],
  ['no adjoint', (point) => delete point['values']['adjoint']],
  ['no final state', (point) => delete point['values']['final']],
  [
    'another value as a result',
    (point) => point['values']['results'].push(point['values']['adjoint'] ?? point['values']['state']),
  ],
  [
    'the final state as adjoint',
    (point) => (point['values']['adjoint'] = point['values']['final'] ?? point['values']['state']),
  ],
  ['a value of 2^50 bytes', (point) => ((Object.values(point['values'])[0] as Json)['bytes'] = 2 ** 50)],
  ['a value in file 2^53', (point) => ((Object.values(point['values'])[0] as Json)['file'] = 2 ** 53)],
]

describe.each([
  ['in the forward', inForward],
  ['in the reverse', inReverse],
])('%s', (_, directory) => {
  test.each(harms)('the last point has %s', async (_name, harm) => {
    expect(await outcomeOf(changed(directory, harm))).not.toBe('wrong')
  })

  test.each(harms)('every point has %s', async (_name, harm) => {
    const copy = changed(directory, (_point, [, ...points]) => points.forEach((point) => harm(point)))
    expect(await outcomeOf(copy)).not.toBe('wrong')
  })

  test('and with none of this it is resumed', async () => {
    const { bits, events } = await run(changed(directory, () => {}))
    expect(bits).toBe(expected)
    expect(events.map(({ type }) => type)).toEqual(['resumed'])
  })
})

test('the state of an earlier position with the counts of the last one', async () => {
  const copy = changed(inForward, (point, all) => (point['values'] = all.at(-2)!['values']))
  expect(await outcomeOf(copy)).not.toBe('wrong')
})

test('a point of an owner that was replaced is skipped', async () => {
  const copy = changed(inReverse, (point) => (point['owner'] += 1))
  const [, ...all] = readFileSync(join(copy, 'journal.log'), 'utf8').trimEnd().split('\n')
  expect((await readJournal(copy)).last!.point).toBe(all.length - 1)
})

test('a journal of another version is refused, not removed', async () => {
  const copy = changed(inReverse, (_point, [head]) => (head!['version'] = 3))
  await expect(run(copy)).rejects.toThrow('written by another version')
  const before = readFileSync(join(copy, 'journal.log'), 'utf8')
  expect(before).toContain('"version":3')
})

test('an identity of another shape is no journal', async () => {
  const copy = changed(inReverse, (_point, [head]) => (head!['identity'].schedule = { toString: 1 }))
  await expect(readJournal(copy)).rejects.toMatchObject({ code: 'INVALID_FILE' })
})
