// What the command line costs before it does anything: a process of each over `node -e 0`. Help may take three times as long.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { best, ratio, table } from './measure.mjs'

const BOUND = 3
const script = fileURLToPath(new URL('../../apps/cli/bin/checkpoint-schedules.js', import.meta.url))
const typed = [
  '--version',
  '--help',
  'actions --help',
  'run --help',
  'list',
  'actions revolve --steps 10 --ram 2',
  'completion bash -- diagram mul',
]
const runs = [['-e', '0'], ...typed.map((text) => [script, ...text.split(' ')])]
const [bare, ...times] = await best(
  runs.map((args) => () => {
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
  }),
  15,
)
const over = typed.filter((text, i) => text.includes('--help') && times[i] > BOUND * bare)
table(
  'the command line: time of a process over one of node -e 0',
  ['', 'times'],
  typed.map((text, i) => [text, ratio(times[i] / bare)]),
)
if (over.length > 0) {
  console.error(`More than ${BOUND} times: ${over.join(', ')}.`)
  process.exitCode = 1
}
