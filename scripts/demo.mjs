// `npm run demo`: builds what is needed, then computes a gradient within a memory budget, under the schedule that is best for it, and draws it.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

function run(command, args) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}

run('turbo', [
  'run',
  'build',
  '--filter=@checkpoint-schedules/cli...',
  '--output-logs=errors-only',
  '--log-order=grouped',
])

const files = 'examples/wave2d'
const args = [
  'apps/cli/bin/checkpoint-schedules.js',
  'run',
  ...['--model', 'wave2d'],
  ...['--velocity', `${files}/velocity-start.npy`],
  ...['--observed', `${files}/observed.npy`],
  ...['--schedule', 'auto'],
  // 24 MiB for checkpoints, and 5.38 MiB for two states, a tape and an adjoint.
  ...['--ram', '29.38MiB'],
  ...['--image', 'out/gradient.png', '--image-beside', `${files}/velocity-true.npy`, '--force'],
]
mkdirSync(`${root}/out`, { recursive: true })
console.log(`\n$ node ${args.join(' ')}\n`)
run(process.execPath, args)
