// What an action costs through plain for…of, beside an empty generator that yields one shared object. Each schedule has a
// process of its own, with an empty generator of its own: as in a program that uses one schedule, not twelve.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { singleDisk } from '@checkpoint-schedules/basic'
import { mixed } from '@checkpoint-schedules/mixed'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { diskRevolve, hRevolve, periodicDiskRevolve, revolve } from '@checkpoint-schedules/revolve'
import { best, ratio, table } from './measure.mjs'

const COUNT = 2_000_000
const shared = { type: 'EndForward' }
const steps = 1e6

const cases = {
  'singleDisk, 1e6 steps': () => [singleDisk(), steps],
  'multistage, 1e6 steps, 100 in RAM': () => [multistage({ steps, snapshotsInRam: 100 })],
  'multistage, 1e6 steps, 10 in RAM': () => [multistage({ steps, snapshotsInRam: 10 })],
  'multistage, 1e6 steps, 3 in RAM': () => [multistage({ steps, snapshotsInRam: 3 })],
  'multistage, 1e6 steps, 20 + 80': () => [multistage({ steps, snapshotsInRam: 20, snapshotsOnDisk: 80 })],
  'twoLevel, 1e6 steps, 1000, 10': () => [twoLevel({ period: 1000, binomialSnapshots: 10 }), steps],
  'revolve, 1e6 steps, 100': () => [revolve({ steps, snapshotsInRam: 100 })],
  'diskRevolve, 1e5 steps, 10': () => [diskRevolve({ steps: 1e5, snapshotsInRam: 10 })],
  'periodicDiskRevolve, 1e6 steps, 10': () => [periodicDiskRevolve({ steps, snapshotsInRam: 10 })],
  'hRevolve, 1e5 steps, 10 + 10': () => [hRevolve({ steps: 1e5, snapshotsInRam: 10, snapshotsOnDisk: 10 })],
  'mixed, 1e6 steps, 100': () => [mixed({ steps, snapshots: 100 })],
}

function* empty() {
  for (let i = 0; i < COUNT; i++) yield shared
}

function count(actions, most) {
  let seen = 0
  for (const action of actions) if (action.type === 'None' || ++seen === most) break
  return seen
}

async function measure(name) {
  const [schedule, steps] = cases[name]()
  const start = () => schedule.start({ steps })
  const actions = count(start(), COUNT)
  globalThis.gc()
  const before = process.memoryUsage().heapUsed
  const run = start()
  count(run, Math.floor(actions / 2))
  globalThis.gc()
  const heap = process.memoryUsage().heapUsed - before
  const [none, own] = await best([() => count(empty(), COUNT), () => count(start(), COUNT)], 9)
  return { none: none / COUNT, own: own / actions, heap: run.isExhausted ? 0 : Math.max(0, heap) }
}

if (process.argv[2] === '--case') {
  console.log(JSON.stringify(await measure(process.argv[3])))
} else {
  const rows = Object.keys(cases).map((name) => {
    const args = ['--expose-gc', fileURLToPath(import.meta.url), '--case', name]
    const { none, own, heap } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
    const ns = (ms) => (ms * 1e6).toFixed(0)
    return [name, ns(own), ns(none), ratio(own / none), `${(heap / 1024).toFixed(0)} KiB`]
  })
  const head = ['schedule', 'ns/action', 'empty', 'ratio', 'heap held half-way']
  table(`Actions through for…of (up to ${COUNT.toLocaleString('en')} of each run)`, head, rows)
}
