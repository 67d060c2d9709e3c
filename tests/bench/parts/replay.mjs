// What `checkReplay` costs: a run with it over one without.
import { runAdjoint } from '@checkpoint-schedules/driver'
import { burgers1d, wave2d } from '@checkpoint-schedules/models'
import { multistage } from '@checkpoint-schedules/multistage'
import { timed } from '../harness/timing.mjs'

const steps = 300
const problems = {
  'burgers1d, 160 kB': () => burgers1d({ steps, points: 20_000 }),
  'wave2d, 426 kB': () => wave2d({ steps }),
}

async function checked(make, checkReplay) {
  const { model, initialState, terminalAdjoint } = make()
  const schedule = multistage({ steps, snapshotsInRam: 10 })
  let seen
  const time = await timed(
    async () => {
      seen = (await runAdjoint({ schedule, model, initialState, terminalAdjoint, checkReplay })).statistics
    },
    { most: 1500 },
  )
  return {
    ...time,
    compared: seen.replay?.compared,
    percent: seen.replay && (100 * seen.replay.timeMs) / seen.timeMs.total,
  }
}

export const bench = {
  title: 'runs with checkReplay',
  experiments: Object.entries(problems).map(([name, make]) => ({
    rounds: 3,
    variants: {
      none: () => checked(make, false),
      capped: () => checked(make, true),
      all: () => checked(make, { share: Infinity }),
    },
    goals: [
      {
        name,
        figure: 'CPU time / a run without',
        unit: '×',
        goal: { atMost: 1.05 },
        measure: ({ none, capped }) => capped.cpu / none.cpu,
      },
      {
        name,
        figure: 'its own time, of the run',
        unit: '%',
        goal: { atMost: 2.5 },
        measure: ({ capped }) => capped.percent,
      },
      {
        name,
        figure: 'recomputed states that it compares',
        unit: '%',
        better: 'higher',
        measure: ({ capped, all }) => (100 * capped.compared) / all.compared,
      },
      {
        name,
        figure: 'share: Infinity, CPU time / without',
        unit: '×',
        measure: ({ none, all }) => all.cpu / none.cpu,
      },
    ],
  })),
}
