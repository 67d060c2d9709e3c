/** The figures on the first page are those of our own runs. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { simulate } from '@checkpoint-schedules/simulator'
import { heterogeneous } from '@checkpoint-schedules/heterogeneous'
import { mixed } from '@checkpoint-schedules/mixed'
import { revolve } from '@checkpoint-schedules/revolve'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { adjoints, initialState, statistics, step } from '../src/home/first-gradient.js'
import { livePicture, strip } from '../src/home/pictures.js'

const folder = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(`${folder}index.md`, 'utf8')

test('the code: the gradient is that of finite differences, with the steps and states that are named', () => {
  const end = (x: number) => Array.from({ length: 1000 }).reduce<number>((at) => step(at), x)
  const h = 1e-7
  expect(adjoints[0]).toBeCloseTo((end(initialState + h) - end(initialState - h)) / (2 * h), 4)
  expect(statistics.forwardSteps).toBe(4636)
  expect(statistics.storages['RAM']!.peakCheckpoints).toBe(10)
  expect(revolve({ steps: 1000, snapshotsInRam: 10 }).optimum()!.forwardSteps).toBe(4636)
  // Ten tapes or states do better: the claim holds for states.
  expect(mixed({ steps: 1000, snapshots: 10, storage: 'RAM' }).optimum()!.forwardSteps).toBeLessThan(4636)
  expect(page).toContain('10 stored states')
  expect(page).toContain('<strong>4.64 times</strong>')
  expect(page).toContain('<strong>4.64 ×</strong>')
})

test('the demo: planned for its sizes and its budget', () => {
  const [steps, stateBytes, tapeBytes] = [1000, 1_548_296, 741_120]
  const equal = { steps, forwardCost: 1, adjointCost: 1, stateBytes, tapeBytes }
  const { forwardSteps } = heterogeneous({ ...equal, ramBytes: 24 * 2 ** 20 }).optimum()!
  expect(page).toContain(`${(forwardSteps / steps).toFixed(2)} times the forward steps`)
  expect(page).toContain(`instead of ${Math.round((steps * tapeBytes) / 1e6)} MB`)
  expect(page).toContain(`<strong>${Math.round((29.38 * 2 ** 20) / 1e6)} MB</strong>`)
  const demo = readFileSync(`${folder}demo.md`, 'utf8')
  expect(demo).toContain(`forward steps       ${forwardSteps.toLocaleString('en-US')}`)
})

test('the size in a page, within a tenth', async () => {
  const contents = `export { runAdjoint } from '@checkpoint-schedules/driver'
    export { revolve } from '@checkpoint-schedules/revolve'`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    conditions: ['@checkpoint-schedules/source'],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  })
  const size = gzipSync(outputFiles[0]!.contents).length / 1000
  const told = Number(/<strong>(\d+) kB<\/strong>/.exec(page)![1])
  expect(Math.abs(size - told)).toBeLessThan(told / 10)
})

test('the live picture ends with all steps, and never holds more than it says', () => {
  const { forward, adjoint, held, steps, states } = livePicture()
  expect([forward.at(-1), adjoint.at(-1), held.at(-1)]).toEqual([4636, steps, states])
  for (const counts of [forward, adjoint, held]) expect(counts).toEqual(counts.toSorted((a, b) => a - b))
})

test('the strip: the times are those of the simulator, and no schedule is slower than its neighbour to the right', () => {
  const shown = strip()
  expect(shown.map(({ time }) => time)).toEqual(shown.map(({ time }) => time).toSorted((a, b) => a - b))
  const { makespan } = simulate(revolve({ steps: 100, snapshotsInRam: 5 }))
  expect(shown.find(({ name }) => name === 'Revolve')!.time).toBe(makespan)
})
