// What simulating costs, beside plain iteration of the same schedule.
import { multistage } from '@checkpoint-schedules/multistage'
import { simulate } from '@checkpoint-schedules/simulator'
import { best, ratio, table } from './measure.mjs'

const schedule = multistage({ steps: 300_000, snapshotsInRam: 50, snapshotsOnDisk: 50 })
const actions = simulate(schedule).actions
const times = await best([
  () => {
    let count = 0
    for (const action of schedule) if (action.type !== 'EndReverse') count += 1
    return count
  },
  () => simulate(schedule),
  () => simulate(schedule, { timeline: 1000 }),
])
table(
  `Simulating multistage, ${actions.toLocaleString('en')} actions`,
  ['', 'ns/action', 'to iteration'],
  ['plain iteration', 'simulate', 'simulate with a timeline'].map((name, i) => [
    name,
    ((times[i] / actions) * 1e6).toFixed(0),
    ratio(times[i] / times[0]),
  ]),
)
