// What a gradient by a library costs, in time and memory: a recurrent cell, against the library's own back-propagation, and Burgers'
// equation in jax-js, against the adjoint written by hand.
import { singleMemory } from '@checkpoint-schedules/basic'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { burgers1d } from '@checkpoint-schedules/models'
import { revolve } from '@checkpoint-schedules/revolve'
import { once, timed } from '../harness/timing.mjs'
import { burgersInJax } from '../support/burgers-in-jax.mjs'
import { jaxAlone, jaxScheduled, size, tensorFlowAlone, tensorFlowScheduled } from '../support/cells.mjs'

const steps = 300
const fewSlots = revolve({ steps, snapshotsInRam: 20 })

/** The first gradient, which compiles; a later one; megabytes of tensors; and those by which the process grew. */
async function costs(prepare) {
  const before = process.memoryUsage().rss
  const { gradient, peak } = await prepare()
  const first = await once(gradient)
  const later = await timed(gradient, { most: 2000 })
  const growth = (1024 * process.resourceUsage().maxRSS - before) / 1e6
  return { first: first.cpu, later: later.cpu, tensors: peak?.() ?? 0, growth }
}

const ofTensorFlow = (backend) => ({
  alone: () => costs(() => tensorFlowAlone(backend, steps)),
  '20 slots': () => costs(() => tensorFlowScheduled(backend, steps, fewSlots)),
  'all states': () => costs(() => tensorFlowScheduled(backend, steps, singleMemory())),
})
const ofJax = {
  alone: () => costs(() => jaxAlone(steps)),
  '20 slots': () => costs(() => jaxScheduled(steps, fewSlots)),
  'all states': () => costs(() => jaxScheduled(steps, singleMemory())),
}

/** A figure for each variant, under one heading. */
const each = (figure, unit, measure) =>
  Object.keys(ofJax).map((name) => ({ name, figure, unit, measure: (samples) => measure(samples[name]) }))

/** Goals compare with the library alone, within a round. */
const againstAlone = (cell, figure, goal, measure) =>
  ['20 slots', 'all states'].map((name) => ({
    name,
    figure: `${cell}: ${figure} / the library alone`,
    unit: '%',
    ...(goal[name] !== undefined && { goal: { atMost: goal[name] } }),
    measure: (samples) => (100 * measure(samples[name])) / measure(samples.alone),
  }))

function figuresOfTensorFlow(backend) {
  const cell = `tfjs ${backend}, a cell of ${size}, ${steps} steps`
  return [
    ...each(`${cell}: a gradient`, 'ms', (it) => it.later),
    ...each(`${cell}: most tensors`, 'MB', (it) => it.tensors),
    ...againstAlone(cell, 'time', {}, (it) => it.later),
    ...againstAlone(cell, 'most tensors', { '20 slots': 10 }, (it) => it.tensors),
  ]
}

function figuresOfJax() {
  const cell = `jax-js wasm, a cell of ${size}, ${steps} steps`
  return [
    ...each(`${cell}: the first gradient`, 'ms', (it) => it.first),
    ...each(`${cell}: a later gradient`, 'ms', (it) => it.later),
    ...each(`${cell}: growth of the process`, 'MB', (it) => it.growth),
    ...againstAlone(cell, 'time of the first', { 'all states': 100 }, (it) => it.first),
  ]
}

const burgers = { points: 1023, steps: 500 }
const burgersSlots = revolve({ steps: burgers.steps, snapshotsInRam: 20 })

async function byHand() {
  const given = burgers1d(burgers)
  return timed(() => runAdjoint({ ...given, schedule: burgersSlots }), { most: 1500 })
}

async function inJax() {
  return timed(await burgersInJax(burgers, burgersSlots), { most: 3000 })
}

const rounds = 3
export const bench = {
  title: 'gradients by a library',
  experiments: [
    { rounds, variants: ofTensorFlow('wasm'), goals: figuresOfTensorFlow('wasm') },
    { rounds, variants: ofTensorFlow('cpu'), goals: figuresOfTensorFlow('cpu') },
    { rounds, variants: ofJax, goals: figuresOfJax() },
    {
      rounds,
      variants: { byHand, inJax },
      goals: [
        {
          name: `burgers1d, ${burgers.points} points, 20 slots`,
          figure: 'jax-js wasm float64, a gradient / an adjoint by hand',
          unit: '×',
          measure: ({ byHand, inJax }) => inJax.cpu / byHand.cpu,
        },
      ],
    },
  ],
}
