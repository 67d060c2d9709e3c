// What planning costs, to the first action, against the recurrences as they are published.
import { mixed } from '@checkpoint-schedules/mixed'
import { diskRevolve, hRevolve, revolve } from '@checkpoint-schedules/revolve'
import { once, timed } from '../harness/timing.mjs'
import { naiveDiskRevolve, naiveHRevolve } from '../support/naive-tables.mjs'

const SMALL = 10_000
const costs = { forwardStep: 1, adjointStep: 1, write: { DISK: 2 }, read: { DISK: 2 } }
const hRevolveOf = (steps, plan = 'tables') =>
  hRevolve({ steps, snapshotsInRam: 10, snapshotsOnDisk: 10, costs, plan })
const diskRevolveOf = (steps) => diskRevolve({ steps, snapshotsInRam: 10, costs })

/** A schedule is made and asked for its first action; with its optimal cost, if there is a naive one to compare it with. */
const planned = (make, cost) => async () => ({
  ...(await timed(() => make().start().next())),
  ...(cost && { cost: cost() }),
})

/** The naive recurrence, once: it takes seconds. */
async function naive(compute) {
  let cost
  const time = await once(() => (cost = compute()))
  return { ...time, cost }
}

const opt0Of = (steps, snapshotsInRam) =>
  Float64Array.from(
    { length: steps },
    (_, l) => revolve({ steps: l + 1, snapshotsInRam }).optimum().makespan - (l + 1),
  )

function sameCost({ cost: here }, { cost: published }) {
  if (here !== published) throw new Error(`the optimal cost is ${here}, and ${published} by the recurrence`)
}

const toFirst = { figure: 'CPU time', unit: 'ms' }
const overNaive = { figure: 'naive recurrence / planning', unit: '×' }
const tenTimes = { figure: '10 times the steps: CPU time', unit: '×', goal: { atMost: 20 } }

export const bench = {
  title: 'to the first action, against the published recurrences',
  experiments: [
    {
      rounds: 3,
      variants: {
        naive: () => naive(() => naiveHRevolve(SMALL, 10, costs) + SMALL),
        hRevolve: planned(
          () => hRevolveOf(SMALL),
          () => hRevolveOf(SMALL).optimum().makespan,
        ),
        longer: planned(() => hRevolveOf(10 * SMALL)),
        tree: planned(
          () => hRevolveOf(SMALL, 'tree'),
          () => hRevolveOf(SMALL, 'tree').optimum().makespan,
        ),
      },
      goals: [
        {
          ...overNaive,
          name: 'hRevolve as a tree, 10 + 10, N = 10^4',
          goal: { atLeast: 500 },
          measure({ naive, tree }) {
            sameCost(tree, naive)
            return naive.cpu / tree.cpu
          },
        },
        {
          ...overNaive,
          name: 'hRevolve, 10 + 10, N = 10^4',
          goal: { atLeast: 50 },
          measure({ naive, hRevolve }) {
            sameCost(hRevolve, naive)
            return naive.cpu / hRevolve.cpu
          },
        },
        {
          ...tenTimes,
          name: 'hRevolve, 10 + 10, N = 10^5',
          measure: ({ hRevolve, longer }) => longer.cpu / hRevolve.cpu,
        },
      ],
    },
    {
      rounds: 3,
      variants: {
        naive() {
          const opt0 = opt0Of(SMALL, 10)
          return naive(() => naiveDiskRevolve(SMALL, opt0, costs) + SMALL)
        },
        diskRevolve: planned(
          () => diskRevolveOf(SMALL),
          () => diskRevolveOf(SMALL).optimum().makespan,
        ),
        longer: planned(() => diskRevolveOf(10 * SMALL)),
      },
      goals: [
        {
          ...overNaive,
          name: 'diskRevolve, 10, N = 10^4',
          goal: { atLeast: 50 },
          measure({ naive, diskRevolve }) {
            sameCost(diskRevolve, naive)
            return naive.cpu / diskRevolve.cpu
          },
        },
        {
          ...overNaive,
          name: 'diskRevolve, 10, N = 10^5',
          figure: 'naive, extrapolated / planning',
          goal: { atLeast: 500 },
          measure: ({ naive, longer }) => (100 * naive.cpu) / longer.cpu,
        },
        {
          ...tenTimes,
          name: 'diskRevolve, 10, N = 10^5',
          measure: ({ diskRevolve, longer }) => longer.cpu / diskRevolve.cpu,
        },
      ],
    },
    {
      rounds: 3,
      variants: {
        mixed: planned(() => mixed({ steps: 1e6, snapshots: 1000 })),
        revolve: planned(() => revolve({ steps: 1e9, snapshotsInRam: 100 })),
        tree: planned(() => hRevolve({ steps: 1e9, snapshotsInRam: 10, snapshotsOnDisk: 1e5, costs })),
        many: planned(() => diskRevolve({ steps: 1e9, snapshotsInRam: 10, costs, diskReads: 'many' })),
      },
      goals: [
        {
          ...toFirst,
          name: 'hRevolve as a tree, 10 + 100,000, N = 10^9',
          goal: { atMost: 5 },
          measure: ({ tree }) => tree.cpu,
        },
        {
          ...toFirst,
          name: 'diskRevolve, many reads, N = 10^9',
          goal: { atMost: 5 },
          measure: ({ many }) => many.cpu,
        },
        { ...toFirst, name: 'mixed, 1,000, N = 10^6: no table', measure: ({ mixed }) => mixed.cpu },
        { ...toFirst, name: 'revolve, 100, N = 10^9: no table', measure: ({ revolve }) => revolve.cpu },
      ],
    },
  ],
}
