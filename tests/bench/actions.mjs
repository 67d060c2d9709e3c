// What an action costs through plain for…of, beside an empty generator that yields one shared object.
import { singleDisk } from '@checkpoint-schedules/basic'
import { mixed } from '@checkpoint-schedules/mixed'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { diskRevolve, hRevolve, periodicDiskRevolve, revolve } from '@checkpoint-schedules/revolve'
import { best, ratio, table } from './measure.mjs'

const COUNT = 2_000_000
const shared = { type: 'EndForward' }

function* empty() {
  for (let i = 0; i < COUNT; i++) yield shared
}

function consume(actions) {
  let left = COUNT
  for (const action of actions) if (action.type === 'None' || --left === 0) break
  return COUNT - left
}

const steps = 1e6
// Made once, so that they plan once: what the tables cost is another section's.
const onDisk = diskRevolve({ steps: 1e5, snapshotsInRam: 10 })
const hierarchical = hRevolve({ steps: 1e4, snapshotsInRam: 10, snapshotsOnDisk: 10 })
const cases = [
  ['singleDisk', () => singleDisk().start({ steps })],
  ['multistage, 1e6 steps, 100 in RAM', () => multistage({ steps, snapshotsInRam: 100 }).start()],
  ['multistage, 1e6 steps, 10 in RAM', () => multistage({ steps, snapshotsInRam: 10 }).start()],
  ['multistage, 1e6 steps, 3 in RAM', () => multistage({ steps, snapshotsInRam: 3 }).start()],
  [
    'multistage, 1e6 steps, 20 + 80',
    () => multistage({ steps, snapshotsInRam: 20, snapshotsOnDisk: 80 }).start(),
  ],
  ['revolve, 1e6 steps, 100 in RAM', () => revolve({ steps, snapshotsInRam: 100 }).start()],
  ['diskRevolve, 1e5 steps, 10 in RAM', () => onDisk.start()],
  ['periodicDiskRevolve, 1e6 steps, 10', () => periodicDiskRevolve({ steps, snapshotsInRam: 10 }).start()],
  ['hRevolve, 1e4 steps, 10 + 10', () => hierarchical.start()],
  ['mixed, 1e6 steps, 100', () => mixed({ steps, snapshots: 100 }).start()],
  [
    'twoLevel, period 1000, 10 more',
    () => twoLevel({ period: 1000, binomialSnapshots: 10 }).start({ steps }),
  ],
]
const counts = cases.map(([, start]) => consume(start()))
const times = await best([
  () => consume(empty()),
  ...cases.map(
    ([, start]) =>
      () =>
        consume(start()),
  ),
])
const perAction = times.map((time, i) => (time / (i === 0 ? COUNT : counts[i - 1])) * 1e6)
table(
  `Actions through for…of (up to ${COUNT.toLocaleString('en')} of each run)`,
  ['schedule', 'ns/action', 'to empty generator'],
  [
    ['empty generator', perAction[0].toFixed(0), ratio(1)],
    ...cases.map(([name], i) => [name, perAction[i + 1].toFixed(0), ratio(perAction[i + 1] / perAction[0])]),
  ],
)

globalThis.gc?.()
const before = process.memoryUsage().heapUsed
const schedule = multistage({ steps, snapshotsInRam: 100 })
let most = 0
let seen = 0
for (const action of schedule) {
  if (action.type === 'EndReverse') break
  if (++seen % 500_000 === 0) {
    globalThis.gc?.()
    most = Math.max(most, process.memoryUsage().heapUsed - before)
  }
}
console.log(
  `heap held while ${seen.toLocaleString('en')} actions of multistage pass: ${(most / 1024).toFixed(0)} KiB at most`,
)
