// Kills a real run with SIGKILL at random moments, forward and reverse, again while it resumes, and compares what comes out in the
// end: `node tests/kill/kills.mjs [KILLS] [SEED] [objects]`. Journals are in directories, or in an object store that is started here. Also
// imported by the tests, with fewer kills.
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startObjectStore } from '../support/object-store.mjs'
import { randomFrom } from './random.mjs'
import { schedules } from './schedules.mjs'

const script = fileURLToPath(new URL('journaled-run.mjs', import.meta.url))

/**
 * Starts a run; sends it a signal so many milliseconds after it began. Its durable points come by time, or every so many steps (0: by
 * time).
 */
export async function start(directory, schedule, killAfter = Infinity, everySteps = 0, signal = 'SIGKILL') {
  const rest = everySteps === 0 ? [] : [String(everySteps)]
  const child = spawn(process.execPath, [script, directory, schedule, ...rest], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)))
  const lines = []
  let began = 0
  let timer
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line)
    if (said !== 'begins') {
      lines.push(said)
      continue
    }
    began = performance.now()
    if (killAfter < Infinity) timer = setTimeout(() => child.kill(signal), killAfter)
  }
  clearTimeout(timer)
  return { how: await ended, lines, result: lines.at(-1), took: performance.now() - began }
}

/** Places in a new directory. */
async function directories() {
  const folder = await mkdtemp(join(tmpdir(), 'checkpoint-schedules-'))
  return {
    place: (name) => join(folder, name),
    left: async () => (await readdir(folder, { recursive: true })).length,
    clear: (name) => rm(join(folder, name), { recursive: true, force: true }),
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Places in a new object store. */
async function objects() {
  const store = await startObjectStore()
  return {
    place: (name) => `${store.bucket}/${name}`,
    left: async () => (await store.list()).length,
    clear: async () => undefined,
    close: () => store.close(),
  }
}

/** Kills so many runs, in turn under each schedule; `tell` is told of each. @returns counts, and what went wrong */
export async function killRuns({ kills, seed, tell = () => {}, inObjects = false }) {
  const random = randomFrom(seed)
  const places = await (inObjects ? objects() : directories())
  const expected = new Map()
  const counts = { kills: 0, twice: 0, resumed: 0, startedOver: 0, inReverse: 0, recomputed: 0 }
  const wrong = []
  try {
    for (let i = 0; counts.kills < kills; i++) {
      const schedule = Object.keys(schedules)[i % Object.keys(schedules).length]
      const directory = places.place(`run-${i}`)
      if (!expected.has(schedule)) {
        const whole = await start(directory, schedule)
        if (whole.result.digest === undefined)
          throw new Error(`the run failed: ${JSON.stringify(whole.result)}`)
        expected.set(schedule, { digest: whole.result.digest, took: whole.took })
      }
      const { digest, took } = expected.get(schedule)
      const at = []
      let last
      for (;;) {
        // The first kill anywhere in the run; then, often, one soon: while it is resumed.
        const again = at.length > 0 && random() < 0.5
        if (at.length > 0 && !again) break
        const after = at.length === 0 ? random() * took : random() * 0.3 * took
        last = await start(directory, schedule, after)
        if (last.how !== 'SIGKILL') break
        counts.kills += 1
        at.push(Math.round(after))
      }
      if (last.how === 'SIGKILL') last = await start(directory, schedule)
      if (at.length > 1) counts.twice += 1
      for (const { type, message } of last.lines) {
        if (type === 'resumed') counts.resumed += 1
        if (type === 'started-over') counts.startedOver += 1
        if (type === 'recomputed') counts.recomputed += 1
        if (type === 'resumed' && message.includes('reverse')) counts.inReverse += 1
      }
      const left = await places.left()
      await places.clear(`run-${i}`)
      if (last.result.digest !== digest || !last.result.isInOrder || left > 0) {
        wrong.push({ schedule, at, result: last.result, left })
      }
      tell({ schedule, at, last: last.result })
    }
  } finally {
    await places.close()
  }
  return { counts, wrong }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [kills = 200, seed = Date.now() % 2 ** 32] = process.argv.slice(2, 4).map(Number)
  const inObjects = process.argv[4] === 'objects'
  console.log(`${kills} kills, seed ${seed}`)
  const { counts, wrong } = await killRuns({ kills, seed, inObjects, tell: () => process.stderr.write('.') })
  console.log(`\n${JSON.stringify(counts)}`)
  for (const it of wrong) console.log(`wrong: ${JSON.stringify(it)}`)
  process.exitCode = wrong.length === 0 ? 0 : 1
}
