// Makes the files of this folder: a layered velocity with a slow lens, the layers without it, and shot records.
//
//     pnpm build && node examples/wave2d/make-data.mjs
//
// An inverse crime: these records come from the same solver, on the same grid, with the same time step and the same
// wavelet as the inversion that will be run on them. All errors of discretisation cancel, so a fit looks better than
// it ever could on measured data. The added noise hides that a little and does not change it. The files show that a
// gradient is computed and within which memory; they say nothing about how good an inversion method is.
//
// Every number is made by + - * / from a seeded generator: the files have the same bits everywhere.
import { writeFileSync } from 'node:fs'
import { layeredVelocity, recordShots } from '../../packages/examples/models/dist/index.js'

const shape = [80, 160]
const noiseLevel = 0.01 // of the root mean square of the records
const seed = 20_240

const truth = layeredVelocity({ shape, lens: true })
const start = layeredVelocity({ shape, lens: false, smoothing: 2 })
const records = recordShots({ velocity: truth, steps: 1000, shots: 3, receivers: 80 })

const random = uniform(seed)
const noise = noiseLevel * rootMeanSquare(records.data)
for (let i = 0; i < records.data.length; i++) records.data[i] += noise * almostGaussian(random)

save('velocity-true.npy', truth)
save('velocity-start.npy', start)
save('observed.npy', records)

/** Mean 0, variance 1: twelve uniform numbers added up. */
function almostGaussian(random) {
  let sum = -6
  for (let k = 0; k < 12; k++) sum += random()
  return sum
}

/** Numbers in [0, 1), by mulberry32. */
function uniform(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function rootMeanSquare(values) {
  let sum = 0
  for (const value of values) sum += value * value
  return Math.sqrt(sum / values.length)
}

/** Writes a NumPy file: version 1.0, float32, little-endian, C order, the header padded to 64 bytes. */
function save(name, { data, shape }) {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`
  const header = `${text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11)}\n`
  const start = Buffer.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    header.length & 255,
    header.length >> 8,
  ])
  const body = new DataView(new ArrayBuffer(4 * data.length))
  data.forEach((value, i) => body.setFloat32(4 * i, value, true))
  writeFileSync(
    new URL(name, import.meta.url),
    Buffer.concat([start, Buffer.from(header, 'latin1'), new Uint8Array(body.buffer)]),
  )
}
