// What a journal costs: a run of wave2d with one over one without, checkpoints on disk in both. By default a point is made every 30
// seconds; here also far more often, to see what a point takes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { wave2d } from '@checkpoint-schedules/models'
import { multistage } from '@checkpoint-schedules/multistage'
import { fileJournal, fileStore } from '@checkpoint-schedules/storage-fs'
import { best, ratio, table } from './measure.mjs'

const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
const { model, initialState, terminalAdjoint, steps } = wave2d()
const directory = join(folder, 'run')
const seen = new Map()
const run = (label, settings) => async () => {
  const schedule = multistage({ steps, snapshotsInRam: 4, snapshotsOnDisk: 12 })
  const { statistics } = await runAdjoint({
    schedule,
    model,
    initialState,
    terminalAdjoint,
    ...(settings === undefined
      ? { stores: { DISK: fileStore({ directory }) } }
      : { journal: fileJournal(directory, settings) }),
  })
  seen.set(label, statistics)
}
const ways = [
  ['without', undefined],
  ['by default', {}],
  ['every second', { everySeconds: 1 }],
  ['every 0.1 s', { everySeconds: 0.1 }],
]
try {
  const [without, ...times] = await best(
    ways.map(([label, settings]) => run(label, settings)),
    5,
  )
  const rows = times.map((time, i) => {
    const label = ways[i + 1][0]
    const { journal, timeMs } = seen.get(label)
    const { points, bytes } = journal
    const each =
      points === 0
        ? ['', '']
        : [`${(bytes / points / 1e3).toFixed(0)} kB`, `${(journal.timeMs / points).toFixed(1)} ms`]
    return [label, `${(timeMs.total / 1e3).toFixed(1)} s`, ratio(time / without), points, ...each]
  })
  table(
    'A journal: wave2d, time over a run without',
    ['', 'run', 'time', 'points', 'bytes a point', 'time a point'],
    rows,
  )
} finally {
  rmSync(folder, { recursive: true })
}
