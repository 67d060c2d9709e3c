// Journals of runs that were cut off, with bytes flipped, files cut short, mixed up or removed: resumed bit for bit, or refused.
import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { singleDisk } from '@checkpoint-schedules/basic'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { hRevolve } from '@checkpoint-schedules/revolve'
import { fileJournal } from '@checkpoint-schedules/storage-fs'
import { below, pick, randomFrom } from './random.mjs'
import { repeat } from './tally.mjs'

const N = 24
const step = (u) => u.map((x) => x - 0.01 * x * x)
const schedules = {
  multistage: multistage({ steps: N, snapshotsInRam: 1, snapshotsOnDisk: 3 }),
  hRevolve: hRevolve({ steps: N, snapshotsInRam: 1, snapshotsOnDisk: 3 }),
  twoLevel: twoLevel({ period: 6, binomialSnapshots: 2 }),
  singleDisk: singleDisk({ moveData: true }),
}
class Stop extends Error {}

async function run(directory, schedule, stopAt = Infinity, options = { everySteps: 3 }) {
  let calls = 0
  const on = () => {
    calls += 1
    if (calls === stopAt) throw new Stop()
  }
  const { finalState, adjoints } = await runAdjoint({
    schedule,
    model: {
      step: (u) => (on(), step(u)),
      tape: (u) => (on(), { state: step(u), tape: u }),
      adjoint: (a, u) => (on(), a.map((x, i) => x * (1 - 0.02 * u[i]))),
      fingerprint: 'decay',
    },
    initialState: Float64Array.from({ length: 40 }, (_, i) => 1 + i / 10),
    terminalAdjoint: new Float64Array(40).fill(1),
    steps: N,
    journal: fileJournal(directory, options),
  })
  return { bits: [...finalState, ...adjoints[0]].join(), calls }
}

const harms = {
  flip(path, random) {
    const bytes = readFileSync(path)
    if (bytes.length > 0) bytes[below(random, bytes.length)] ^= 1 << below(random, 8)
    writeFileSync(path, bytes)
  },
  cut: (path, random) => truncateSync(path, below(random, readFileSync(path).length + 1)),
  'blank a stretch': (path, random) => {
    const bytes = readFileSync(path)
    const at = below(random, bytes.length + 1)
    writeFileSync(path, bytes.fill(0, at, at + 1 + below(random, 64)))
  },
  'repeat its end': (path, random) => {
    const bytes = readFileSync(path)
    writeFileSync(path, Buffer.concat([bytes, bytes.subarray(below(random, bytes.length + 1))]))
  },
  remove: (path) => rmSync(path),
  'take the bytes of another': (path, random, others) => {
    const other = pick(random, others)
    if (other !== path) copyFileSync(other, path)
  },
}

export async function journals({ seed, cases, until }) {
  const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
  try {
    const left = []
    for (const [name, schedule] of Object.entries(schedules)) {
      const { bits, calls } = await run(join(folder, 'whole'), schedule)
      for (const part of [0.25, 0.6, 0.85]) {
        const directory = join(folder, `${name}-${part}`)
        await run(directory, schedule, Math.ceil(part * calls)).catch((error) => {
          if (!(error.cause instanceof Stop)) throw error
        })
        left.push({ name, schedule, bits, directory })
      }
    }
    return await repeat({ cases, until }, async (i) => {
      const random = randomFrom(seed, i)
      const { name, schedule, bits, directory } = pick(random, left)
      const copy = join(folder, 'copy')
      const done = []
      try {
        cpSync(directory, copy, { recursive: true })
        for (let n = 1 + below(random, 3); n > 0; n--) {
          const files = readdirSync(copy).map((file) => join(copy, file))
          if (files.length === 0) break
          const path = pick(random, files)
          const harm = pick(random, Object.keys(harms))
          harms[harm](path, random, files)
          done.push(`${harm}: ${path.slice(copy.length + 1)}`)
        }
        // Nobody else has it: without takeOver, a harmed marker makes the run wait until that is sure.
        const result = await run(copy, schedule, Infinity, { takeOver: true })
        return result.bits === bits ? 'right' : `wrong bits after ${done.join(', ')} (${name})`
      } finally {
        rmSync(copy, { recursive: true, force: true })
      }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
