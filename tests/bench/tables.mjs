// What planning costs, beside the recurrences as they are published, filled naively in typed arrays.
import { mixed } from '@checkpoint-schedules/mixed'
import { diskRevolve, hRevolve, revolve } from '@checkpoint-schedules/revolve'
import { best, ratio, table } from './measure.mjs'

const costs = { forwardStep: 1, adjointStep: 1, write: { DISK: 2 }, read: { DISK: 2 } }
const seconds = (ms) => (ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(1)} s`)

// OptP and Opt of two levels: min over j of j + Opt[l-j][m-1] + r + OptP[j-1][m].
function naiveHRevolve(steps, slots, { write, read }) {
  const n = steps
  let below
  for (const [k, { w, r }] of [
    { w: 0, r: 0 },
    { w: write.DISK, r: read.DISK },
  ].entries()) {
    let opt = k === 0 ? new Float64Array(n).fill(Infinity) : below
    for (let m = 1; m <= slots; m++) {
      const optP = new Float64Array(n)
      const next = new Float64Array(n)
      optP[0] = next[0] = 1
      for (let l = 1; l < n; l++) {
        let least = k === 0 ? l + 1 + (l * (l + 1)) / 2 : below[l]
        if (k > 0 || m > 1) {
          for (let j = 1; j < l; j++) {
            const cost = j + opt[l - j] + r + optP[j - 1]
            if (cost <= least) least = cost
          }
        }
        optP[l] = least
        next[l] = k === 0 ? least : Math.min(below[l], w + least)
      }
      opt = next
    }
    below = opt
  }
  return below[n - 1]
}

function naiveDiskRevolve(steps, opt0, { write, read }) {
  const optInf = new Float64Array(steps)
  optInf.set(opt0)
  for (let l = 2; l < steps; l++) {
    for (let j = 1; j < l; j++) {
      const cost = write.DISK + j + optInf[l - j] + read.DISK + opt0[j - 1]
      if (cost < optInf[l]) optInf[l] = cost
    }
  }
  return optInf[steps - 1]
}

const opt0Of = (steps, snapshotsInRam) =>
  Float64Array.from(
    { length: steps },
    (_, l) => revolve({ steps: l + 1, snapshotsInRam }).optimum().makespan - (l + 1),
  )

const first = (schedule) => schedule.start().next()
const rows = []

const h = () => hRevolve({ steps: 10_000, snapshotsInRam: 10, snapshotsOnDisk: 10, costs })
const same = h().optimum().makespan === naiveHRevolve(10_000, 10, costs) + 10_000
const [fastH] = await best([() => first(h())], 15)
const [slowH] = await best([() => naiveHRevolve(10_000, 10, costs)], 1)
rows.push([
  'hRevolve, 10 + 10, N = 10,000',
  seconds(fastH),
  seconds(slowH),
  ratio(slowH / fastH),
  same ? 'same cost' : 'DIFFERENT',
])
const [fastH5] = await best(
  [() => first(hRevolve({ steps: 100_000, snapshotsInRam: 10, snapshotsOnDisk: 10, costs }))],
  3,
)
rows.push(['hRevolve, 10 + 10, N = 100,000', seconds(fastH5), '', '', ''])

const small = 10_000
const opt0 = opt0Of(small, 10)
const d = (steps) => diskRevolve({ steps, snapshotsInRam: 10, costs })
const sameD = d(small).optimum().makespan === naiveDiskRevolve(small, opt0, costs) + small
const [fastD] = await best([() => first(d(100_000))], 15)
const [slowD] = await best([() => naiveDiskRevolve(small, opt0, costs)], 2)
const extrapolated = slowD * (100_000 / small) ** 2
rows.push([
  'diskRevolve, 10, N = 100,000',
  seconds(fastD),
  `${seconds(extrapolated)} *`,
  ratio(extrapolated / fastD),
  sameD ? 'same cost' : 'DIFFERENT',
])
const [manyD] = await best(
  [() => first(diskRevolve({ steps: 100_000, snapshotsInRam: 10, costs, diskReads: 'many' }))],
  3,
)
rows.push(['diskRevolve, many reads, N = 100,000', seconds(manyD), '', '', ''])
const [firstMixed, firstRevolve] = await best(
  [
    () => first(mixed({ steps: 1e6, snapshots: 1000 })),
    () => first(revolve({ steps: 1e9, snapshotsInRam: 100 })),
  ],
  5,
)
rows.push(['mixed, 1,000, N = 10^6: no table', seconds(firstMixed), '', '', ''])
rows.push(['revolve, 100, N = 10^9: no table', seconds(firstRevolve), '', '', ''])
table(
  'To the first action, planning included (* extrapolated from N = 10,000)',
  ['', 'here', 'naive', 'naive / here', ''],
  rows,
)
