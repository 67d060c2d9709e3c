// Finds the velocity under a survey of shots, each gradient computed by many processes: pnpm build && node examples/survey/run.mjs
// With --queue, by workers on a queue in Redis, which must run: redis-server --save '' --appendonly yes
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { wave2d } from '@checkpoint-schedules/models'
import { minimize } from '../l-bfgs.mjs'
import { readNpy, writeNpy } from './npy.mjs'

const { values: given } = parseArgs({
  options: {
    shots: { type: 'string', default: '16' },
    iterations: { type: 'string', default: '10' },
    workers: { type: 'string', default: String(availableParallelism()) },
    queue: { type: 'string' }, // the name of a queue; without it, a pool of processes
    redis: { type: 'string', default: 'redis://127.0.0.1:6379' },
  },
})

// A small survey: steps of 1.8 ms on a grid of 40 x 64 points, with sources below and receivers near the surface.
const options = { shots: Number(given.shots), steps: 200, timeStep: 0.0018, absorbingWidth: 8 }
const model = ['--model', 'wave2d', '--schedule', 'multistage', '--ram', '10', '--shots', given.shots].concat(
  ['--steps', '200', '--time-step', '0.0018', '--absorbing-width', '8'],
)
const queue = ['--queue', given.queue, '--redis', given.redis]

const program = fileURLToPath(new URL('../../apps/cli/bin/checkpoint-schedules.js', import.meta.url))
const command = (...args) => promisify(execFile)(process.execPath, [program, ...args])
const folder = mkdtempSync(join(tmpdir(), 'survey-'))

/** Misfit and gradient at a velocity: the parts by a pool or by the queue, then their sum. Both are directories of the same form. */
async function misfitAt(velocity) {
  const [control, parts] = [join(folder, 'velocity.npy'), join(folder, 'parts')]
  writeNpy(control, velocity)
  if (given.queue === undefined) {
    const pool = ['--parts', 'all', '--workers', given.workers, '--no-progress']
    await command('gradient', ...model, '--control', control, ...pool, '--out', parts)
  } else {
    await command('jobs', 'submit', ...model, '--control', control, ...queue)
    await command('jobs', 'collect', ...queue, '--wait', '--remove', '--no-progress', '--out', parts)
  }
  await command('reduce', parts)
  const [value] = readNpy(join(parts, 'sum/value.npy'))
  const gradient = readNpy(join(parts, 'sum/gradient.npy'))
  rmSync(parts, { recursive: true })
  return { value, gradient }
}

// Workers stay from one gradient to the next; here they are of this machine, but any number may run on any other.
const workers =
  given.queue === undefined
    ? undefined
    : spawn(
        process.execPath,
        [program, 'jobs', 'work', ...model, ...queue, '--workers', given.workers, '--no-progress'],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      )
workers?.on('exit', (code) => code !== 130 && process.exit(1)) // without them nobody would compute

// The unknowns are the velocities divided by this, so that a first step of length 1 is a reasonable one.
const SCALE = 100
const started = performance.now()
try {
  const start = wave2d(options, undefined, { first: 0, count: 1 }).control
  const found = await minimize(
    async (x) => {
      const { value, gradient } = await misfitAt(x.map((it) => it * SCALE))
      return { value, gradient: gradient.map((it) => it * SCALE) }
    },
    start.map((it) => it / SCALE),
    {
      iterations: Number(given.iterations),
      onIteration({ iteration, evaluations, x, value }) {
        const digest = createHash('sha256').update(new Uint8Array(x.buffer)).digest('hex').slice(0, 16)
        console.log(`iteration ${iteration}: misfit ${value}, ${evaluations} gradients, velocity ${digest}`)
      },
    },
  )
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.error(`${found.evaluations} gradients of ${given.shots} shots in ${seconds} s`)
} finally {
  workers?.kill('SIGTERM')
  rmSync(folder, { recursive: true })
}
