// Fewer bytes: what `compressed` and `rounded` save, what they take, and what the lossy one does to a gradient.
import { runAdjoint, treeCodec } from '@checkpoint-schedules/driver'
import { burgers1d, wave2d } from '@checkpoint-schedules/models'
import { multistage } from '@checkpoint-schedules/multistage'
import { compressed, rounded } from '@checkpoint-schedules/storage-fs'
import { best, table } from './measure.mjs'

const steps = 300
const problems = { burgers1d: burgers1d({ steps, points: 20_000 }), wave2d: wave2d({ steps }) }
const codecs = {
  treeCodec,
  'compressed(treeCodec)': compressed(treeCodec),
  'rounded(treeCodec)': rounded(treeCodec),
  'compressed(rounded(treeCodec))': compressed(rounded(treeCodec)),
}

/** A memory store that keeps encoded bytes. */
function encodingStore() {
  return {
    medium: 'bytes',
    open({ codecs: { restart } }) {
      const held = new Map()
      return {
        put: async ({ step }, value) => void held.set(step, await restart.encode(value)),
        get: async ({ step }) => restart.decode(held.get(step)),
        async take({ step }) {
          const bytes = held.get(step)
          held.delete(step)
          return restart.decode(bytes)
        },
        delete: ({ step }) => void held.delete(step),
        keys: () => [],
        flush() {},
        clear: () => held.clear(),
        close() {},
      }
    },
  }
}

const norm = (array) => Math.sqrt(array.reduce((sum, x) => sum + x * x, 0))

for (const [name, problem] of Object.entries(problems)) {
  const { initialState, terminalAdjoint, gradient } = problem
  const gradientUnder = async (codec) => {
    const model = { ...problem.model, codecs: { ...problem.model.codecs, state: codec } }
    const schedule = multistage({ steps, snapshotsOnDisk: 6 })
    const stores = { DISK: encodingStore() }
    const { adjoints } = await runAdjoint({ schedule, model, initialState, terminalAdjoint, stores })
    return Float64Array.from(await gradient(adjoints[0]))
  }
  let state = treeCodec.clone(initialState)
  for (let n = 0; n < steps / 2; n++) state = await problem.model.step(state, n)
  const size = treeCodec.byteLength(state)
  const exact = await gradientUnder(treeCodec)
  const rows = []
  for (const [label, codec] of Object.entries(codecs)) {
    const bytes = await codec.encode(state)
    const [writing, reading] = await best([() => codec.encode(state), () => codec.decode(bytes)], 7)
    const off = (await gradientUnder(codec)).map((x, i) => x - exact[i])
    const difference = norm(off) / norm(exact)
    rows.push([
      label,
      `${((100 * bytes.length) / size).toFixed(1)} %`,
      `${(size / writing / 1e6).toFixed(2)} GB/s`,
      `${(size / reading / 1e6).toFixed(2)} GB/s`,
      difference === 0 ? 'none' : difference.toExponential(1),
    ])
  }
  table(
    `${name}: the state of step ${steps / 2}, ${(size / 1e3).toFixed(0)} kB, in fewer bytes`,
    ['codec of states', 'bytes', 'encode', 'decode', 'gradient off by'],
    rows,
  )
}
