// The memory that iterating a long schedule takes: the largest resident set of a process, less that of one that only starts.
import { readFileSync } from 'node:fs'

const steps = 1e6

/** The largest resident set so far (MB). Linux keeps it for the program; elsewhere it may count what was before. */
function peak() {
  try {
    return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1000
  } catch {
    return process.resourceUsage().maxRSS / 1000
  }
}

// A schedule's package is imported where it is used, so that the bare process has none.
const from = {
  basic: () => import('@checkpoint-schedules/basic'),
  mixed: () => import('@checkpoint-schedules/mixed'),
  multistage: () => import('@checkpoint-schedules/multistage'),
  revolve: () => import('@checkpoint-schedules/revolve'),
}

/** With tables memory grows with the steps; without, it does not. */
const cases = {
  singleDisk: { make: async () => (await from.basic()).singleDisk(), atMost: 20 },
  'revolve, 100': {
    make: async () => (await from.revolve()).revolve({ steps, snapshotsInRam: 100 }),
    atMost: 20,
  },
  'multistage, 20 + 80': {
    make: async () =>
      (await from.multistage()).multistage({ steps, snapshotsInRam: 20, snapshotsOnDisk: 80 }),
    atMost: 20,
  },
  'twoLevel, 1000, 10': {
    make: async () => (await from.multistage()).twoLevel({ period: 1000, binomialSnapshots: 10 }),
    atMost: 20,
  },
  'mixed, 100': { make: async () => (await from.mixed()).mixed({ steps, snapshots: 100 }), atMost: 20 },
  'periodicDiskRevolve, 10': {
    make: async () => (await from.revolve()).periodicDiskRevolve({ steps, snapshotsInRam: 10 }),
    atMost: 20,
  },
  'hRevolve, 10 + 10: a tree': {
    make: async () =>
      (await from.revolve()).hRevolve({ steps, snapshotsInRam: 10, snapshotsOnDisk: 10, plan: 'tree' }),
    atMost: 20,
  },
  'hRevolve, 3 + 3: tables': {
    make: async () =>
      (await from.revolve()).hRevolve({ steps, snapshotsInRam: 3, snapshotsOnDisk: 3, plan: 'tables' }),
    atMost: 200,
  },
}

async function iterated({ make }) {
  let actions = 0
  for (const action of (await make()).start({ steps })) {
    if (action.type === 'EndReverse') break
    actions += 1
  }
  return { peak: peak(), actions }
}

export const bench = {
  title: 'the actions of a whole run, N = 10^6 (largest resident set)',
  experiments: [
    {
      rounds: 3,
      variants: {
        bare: () => ({ peak: peak() }),
        ...Object.fromEntries(Object.entries(cases).map(([name, it]) => [name, () => iterated(it)])),
      },
      goals: Object.entries(cases).map(([name, { atMost }]) => ({
        name,
        figure: 'peak memory over a bare process',
        unit: 'MB',
        goal: { atMost },
        measure: (samples) => samples[name].peak - samples.bare.peak,
      })),
    },
  ],
}
