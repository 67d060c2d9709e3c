// What the driver adds to a model's run, against a loop written by hand that carries out the same actions with the same copies.
import { singleMemory } from '@checkpoint-schedules/basic'
import { reusingTreeCodec, runAdjoint } from '@checkpoint-schedules/driver'
import { burgers1d } from '@checkpoint-schedules/models'
import { multistage } from '@checkpoint-schedules/multistage'
import { simulate } from '@checkpoint-schedules/simulator'
import { timed } from '../harness/timing.mjs'
import { asynchronous, busyProblem, countPerMicrosecond } from '../support/busy-model.mjs'
import { asyncHandLoop, handLoop, reusing } from '../support/hand-loop.mjs'

const ratio = {
  figure: 'driver / loop, CPU time',
  unit: '×',
  fastest: 'cpu',
  measure: ({ loop, driver }) => driver.cpu / loop.cpu,
}
const surplus = {
  figure: 'driver - loop, CPU time an action',
  unit: 'µs',
  fastest: 'cpu',
  measure: ({ loop, driver }) => ((driver.cpu - loop.cpu) / driver.actions) * 1000,
}
const asFast = { ...ratio, goal: { atMost: 1.05 } }
const littleMore = { ...surplus, goal: { atMost: 0.3 } }

/** Loop and driver on the same problem; `warming`: how long they are repeated; `codecs`: of the driver's model. */
function versus({ make, problem, goals, loop = handLoop, codecs, warming, ...settings }) {
  return {
    ...settings,
    variants: {
      loop: ({ prepared }) => {
        const { schedule, steps } = make()
        const given = problem(prepared)
        return timed(() => loop(schedule, given, steps), warming)
      },
      driver: async ({ prepared }) => {
        const { schedule, steps } = make()
        const { model, ...rest } = problem(prepared)
        const given = { ...rest, model: { ...model, codecs }, schedule, steps }
        return {
          ...(await timed(() => runAdjoint(given), warming)),
          actions: simulate(schedule, { steps }).actions,
        }
      },
    },
    goals,
  }
}

const binomial = (steps, snapshotsInRam) => () => ({ schedule: multistage({ steps, snapshotsInRam }), steps })

// Steps and slots so that a run takes some 10 to 200 ms, and checkpoints at most 80 MB.
const lengths = [
  { us: 0, said: '0 µs', steps: 5000 },
  { us: 1, said: '1 µs', steps: 2000 },
  { us: 10, said: '10 µs', steps: 500 },
  { us: 100, said: '100 µs', steps: 100 },
  { us: 1000, said: '1 ms', steps: 40 },
]
const sizes = [
  { bytes: 8, said: '8 B' },
  { bytes: 8e3, said: '8 kB' },
  { bytes: 80e3, said: '80 kB' },
  { bytes: 8e6, said: '8 MB' },
]

const warming = { spend: 1000, most: 3000 }

/** Both sides copy into memory that the run has given up. */
const reused = {
  loop: (schedule, problem, n) => handLoop(schedule, problem, n, reusing()),
  codecs: { state: reusingTreeCodec },
}

/**
 * Steps of every length, states of every size. A ratio says nothing where the loop has nothing to do: short steps are judged by the
 * difference. New arrays of 8 MB are new pages of the system, which cost more than the copy, and how many of them a run touches depends
 * on when garbage is collected, for the loop as for the driver: so large states are judged with copies that reuse memory on both sides,
 * and the rows with new arrays have no goal.
 */
const grid = lengths.flatMap(({ us, said: length, steps: all }) =>
  sizes.flatMap(({ bytes, said: size }) => {
    const isLarge = bytes > 1e6
    const steps = isLarge ? Math.min(all, 60) : all
    const row = (name, goals, more) =>
      versus({
        rounds: 4,
        // Runs of few actions: V8 compiles the driver during some twenty of them.
        ...((us >= 10 || isLarge) && { warming }),
        make: binomial(steps, isLarge || steps < 200 ? 10 : 50),
        prepare: countPerMicrosecond,
        problem: (perMicrosecond) => busyProblem(us * perMicrosecond, bytes),
        goals: goals.map((goal) => ({ ...goal, name })),
        ...more,
      })
    const name = `steps of ${length}, state of ${size}`
    const judged = us < 10 && !isLarge ? littleMore : asFast
    if (bytes < 80e3) return [row(name, [judged])]
    const plain = us < 10 && !isLarge ? surplus : isLarge ? ratio : judged
    return [row(name, [plain]), row(`${name}, memory reused`, [judged], reused)]
  }),
)

const empty = () => busyProblem(0, 8)
const others = [
  versus({
    make: binomial(2000, 3),
    problem: empty,
    goals: [{ name: '0 µs, 3 slots: 4 steps an action', ...littleMore }],
  }),
  versus({
    make: () => ({ schedule: singleMemory(), steps: 10_000 }),
    problem: empty,
    goals: [
      {
        ...littleMore,
        name: '0 µs, singleMemory',
        figure: 'driver - loop, CPU time a step',
        measure: ({ loop, driver }) => ((driver.cpu - loop.cpu) / 20_000) * 1000,
      },
    ],
  }),
  versus({
    make: binomial(2000, 50),
    problem: () => asynchronous(busyProblem(0, 8)),
    loop: asyncHandLoop,
    goals: [{ name: '0 µs, all steps asynchronous', ...surplus }],
  }),
]

/** Copies into memory that the run has given up, against new arrays. */
const reuse = [
  { bytes: 8e3, said: '8 kB', steps: 1000 },
  { bytes: 80e3, said: '80 kB', steps: 500 },
  { bytes: 8e6, said: '8 MB', steps: 60 },
].map(({ bytes, said, steps }) => {
  const run = (codecs) => async () => {
    const { model, ...given } = busyProblem(0, bytes)
    const schedule = multistage({ steps, snapshotsInRam: 10 })
    return timed(() => runAdjoint({ ...given, schedule, model: { ...model, codecs } }))
  }
  return {
    rounds: 4,
    variants: { fresh: run({}), reused: run({ state: reusingTreeCodec }) },
    goals: [
      {
        name: `copies reuse memory, state of ${said}`,
        figure: 'reusingTreeCodec / treeCodec, CPU time',
        unit: '×',
        fastest: 'cpu',
        goal: { atMost: 1 },
        measure: ({ fresh, reused }) => reused.cpu / fresh.cpu,
      },
    ],
  }
})

const burgers = (points, steps, more) =>
  versus({ make: binomial(steps, 20), problem: () => burgers1d({ points }), ...more })

/** The slow mode of a run is chosen once for each process: many processes, each over the fastest loop of all. */
const slowMode = {
  rounds: 15,
  warming,
  goals: [
    { name: 'burgers1d, 10,000 points', ...asFast },
    {
      name: 'its slowest process',
      figure: 'driver / fastest loop, each process',
      unit: '×',
      goal: { atMost: 1.25 },
      summary: (values) => values.at(-1),
      measure: ({ driver }, rounds) => driver.cpu / fastestLoop(rounds),
      distribution: true,
    },
    {
      name: 'its slowest process',
      figure: 'loop / fastest loop, each process',
      unit: '×',
      summary: (values) => values.at(-1),
      measure: ({ loop }, rounds) => loop.cpu / fastestLoop(rounds),
      distribution: true,
    },
  ],
}
const fastestLoop = (rounds) => Math.min(...rounds.map(({ loop }) => loop.cpu))

export const bench = {
  title: 'against a loop written by hand, with the same actions and copies',
  experiments: [
    ...grid,
    ...others,
    ...reuse,
    burgers(100, 5000, { goals: [{ name: 'burgers1d, 100 points', ...littleMore }] }),
    burgers(1000, 2000, { goals: [{ name: 'burgers1d, 1,000 points', ...littleMore }] }),
    burgers(10_000, 500, slowMode),
    burgers(10_000, 500, {
      ...reused,
      warming,
      goals: [{ name: 'burgers1d, 10,000 points, memory reused', ...asFast }],
    }),
  ],
}
