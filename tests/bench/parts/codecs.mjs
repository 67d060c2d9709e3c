// Fewer bytes: what `compressed` and `rounded` save, what they take, and what the lossy one does to a gradient.
import { runAdjoint, treeCodec } from '@checkpoint-schedules/driver'
import { burgers1d, wave2d } from '@checkpoint-schedules/models'
import { multistage } from '@checkpoint-schedules/multistage'
import { compressed, rounded } from '@checkpoint-schedules/storage-fs'
import { timed } from '../harness/timing.mjs'
import { encodingStore } from '../support/encoding-store.mjs'

const steps = 300
const problems = {
  burgers1d: () => burgers1d({ steps, points: 20_000 }),
  wave2d: () => wave2d({ steps }),
}
const codecs = {
  plain: treeCodec,
  compressed: compressed(treeCodec),
  rounded: rounded(treeCodec),
  'compressed(rounded)': compressed(rounded(treeCodec)),
}
const timing = { spend: 100, most: 300 }

/** The state in the midst of a run. */
async function halfway({ model, initialState }) {
  let state = treeCodec.clone(initialState)
  for (let n = 0; n < steps / 2; n++) state = await model.step(state, n)
  return state
}

async function ways(problem, codec) {
  const state = await halfway(problem)
  const size = treeCodec.byteLength(state)
  const bytes = await codec.encode(state)
  const encode = await timed(() => codec.encode(state), timing)
  const decode = await timed(() => codec.decode(bytes), timing)
  return {
    percent: (100 * bytes.length) / size,
    encode: size / encode.wall / 1e6,
    decode: size / decode.wall / 1e6,
  }
}

async function gradientUnder(codec, { model, initialState, terminalAdjoint, gradient }) {
  const { adjoints } = await runAdjoint({
    schedule: multistage({ steps, snapshotsOnDisk: 6 }),
    model: { ...model, codecs: { ...model.codecs, state: codec } },
    initialState,
    terminalAdjoint,
    stores: { DISK: encodingStore() },
  })
  return Float64Array.from(await gradient(adjoints[0]))
}

const norm = (array) => Math.sqrt(array.reduce((sum, x) => sum + x * x, 0))

/** How far the gradient is from that of a codec without loss. */
async function loss(make, codec) {
  const exact = await gradientUnder(treeCodec, make())
  const off = (await gradientUnder(codec, make())).map((x, i) => x - exact[i])
  return { off: norm(off) / norm(exact) }
}

const figures = [
  { figure: 'bytes, of the plain ones', unit: '%', measure: ({ ways }) => ways.percent },
  { figure: 'encode', unit: 'GB/s', better: 'higher', measure: ({ ways }) => ways.encode },
  { figure: 'decode', unit: 'GB/s', better: 'higher', measure: ({ ways }) => ways.decode },
]

const timings = Object.entries(problems).flatMap(([problem, make]) =>
  Object.entries(codecs).map(([name, codec]) => ({
    rounds: 2,
    variants: { ways: () => ways(make(), codec) },
    goals: figures.map((it) => ({ ...it, name: `${problem}, ${name}` })),
  })),
)
const gradients = Object.entries(problems).flatMap(([problem, make]) =>
  Object.entries({ compressed: 0, rounded: 1e-5 }).map(([name, atMost]) => ({
    rounds: 1,
    variants: { loss: () => loss(make, codecs[name]) },
    goals: [
      {
        name: `${problem}, ${name}`,
        figure: 'gradient off by, relative',
        unit: '',
        goal: { atMost },
        measure: ({ loss }) => loss.off,
      },
    ],
  })),
)

export const bench = {
  title: 'a state in fewer bytes (burgers1d 160 kB, wave2d 426 kB; wall time)',
  experiments: [...timings, ...gradients],
}
