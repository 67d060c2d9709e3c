// What simulating costs, against plain iteration of the same schedule.
import { multistage } from '@checkpoint-schedules/multistage'
import { simulate } from '@checkpoint-schedules/simulator'
import { timed } from '../harness/timing.mjs'

const schedule = multistage({ steps: 300_000, snapshotsInRam: 50, snapshotsOnDisk: 50 })

function iterate() {
  let count = 0
  for (const action of schedule) if (action.type !== 'EndReverse') count += 1
  return count
}

const figure = 'CPU time / plain iteration'

export const bench = {
  title: 'multistage, 300,000 steps, 50 + 50',
  experiments: [
    {
      variants: {
        iterate: () => timed(iterate),
        simulate: () => timed(() => simulate(schedule)),
        timeline: () => timed(() => simulate(schedule, { timeline: 1000 })),
      },
      goals: [
        {
          name: 'simulate',
          figure,
          unit: '×',
          measure: ({ simulate, iterate }) => simulate.cpu / iterate.cpu,
        },
        {
          name: 'simulate with a timeline',
          figure,
          unit: '×',
          measure: ({ timeline, iterate }) => timeline.cpu / iterate.cpu,
        },
      ],
    },
  ],
}
