// What the command line costs before it does anything: a process of each over `node -e 0`.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { once } from '../harness/timing.mjs'

const script = fileURLToPath(new URL('../../../apps/cli/bin/checkpoint-schedules.js', import.meta.url))
const typed = {
  '--version': {},
  '--help': { atMost: 3 },
  'actions --help': { atMost: 3 },
  'run --help': { atMost: 3 },
  list: {},
  'actions revolve --steps 10 --ram 2': {},
  'completion bash -- diagram mul': {},
}

async function started(args) {
  let least = Infinity
  for (let i = 0; i < 3; i++) {
    const { wall } = await once(() => {
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
      if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
    })
    least = Math.min(least, wall)
  }
  return { wall: least }
}

export const bench = {
  title: 'the command line, before it does anything',
  experiments: [
    {
      rounds: 3,
      variants: {
        node: () => started(['-e', '0']),
        ...Object.fromEntries(
          Object.keys(typed).map((line) => [line, () => started([script, ...line.split(' ')])]),
        ),
      },
      goals: Object.entries(typed).map(([line, goal]) => ({
        name: line,
        figure: 'wall time / node -e 0',
        unit: '×',
        ...(goal.atMost && { goal }),
        measure: (samples) => samples[line].wall / samples.node.wall,
      })),
    },
  ],
}
