/** The journal on a disk that forgets what was not flushed: at any moment, the resumed run gives a bit-for-bit identical result. */
import type { Schedule } from '@checkpoint-schedules/core'
import { runAdjoint, type RunEvent } from '@checkpoint-schedules/driver'
import type { Journal } from '@checkpoint-schedules/model'
import { multistage } from '@checkpoint-schedules/multistage'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SlotJournal } from '../src/slot-journal.js'
import { medium, PowerCut, SimulatedDisk } from './support/simulated-disk.js'

const N = 14
/** `CASES=8000` for the full campaign. */
const numRuns = Number(process.env['CASES'] ?? 120)

/** With a ballast that is different at each step: later checkpoints may not fit into the slots that the first one made. */
interface State {
  readonly u: Float64Array
  readonly ballast: Float64Array
}
const ballast = (n: number, grows: boolean) => new Float64Array(grows ? 1000 * (1 + (n % 3)) : 0).fill(n)
const decayed = (u: Float64Array) => u.map((x) => x - 0.01 * x * x)

type Log = 'renamed' | 'alternating'

function journalOn(disk: SimulatedDisk, log: Log, everySteps: number): Journal {
  return {
    async open(settings) {
      const release = async (keep: boolean) => {
        if (!keep) disk.clear()
      }
      const journal = new SlotJournal(
        {
          medium,
          checkSpace: async () => undefined,
          directory: '/',
          files: disk.journalFiles(log),
          thread: () => disk.thread,
          release,
          owner: 7,
          confirm: async () => undefined,
          isShared: false,
          note: null,
          everySeconds: Infinity,
          everySteps,
        },
        settings,
      )
      await journal.begin()
      return journal
    },
  }
}

async function run(
  schedule: Schedule,
  disk: SimulatedDisk | undefined,
  log: Log = 'renamed',
  everySteps = 3,
  cells = 5,
  buffers = 2,
  grows = false,
) {
  const events: RunEvent[] = []
  const { finalState, adjoints } = await runAdjoint({
    schedule,
    model: {
      step: ({ u }: State, n: number) => ({ u: decayed(u), ballast: ballast(n + 1, grows) }),
      tape: ({ u }: State, n: number) => ({
        state: { u: decayed(u), ballast: ballast(n + 1, grows) },
        tape: u,
      }),
      adjoint: (a: Float64Array, u: Float64Array) => a.map((x, i) => x * (1 - 0.02 * u[i]!)),
      fingerprint: 'decay',
    },
    initialState: { u: new Float64Array(cells).map((_, i) => 1 + i), ballast: ballast(0, grows) },
    terminalAdjoint: new Float64Array(cells).fill(1),
    steps: N,
    buffers,
    onEvent: (event) => events.push(event),
    ...(disk === undefined ? {} : { journal: journalOn(disk, log, everySteps) }),
  })
  return { bits: [...finalState.u, ...finalState.ballast, ...adjoints[0]!].join(), events }
}

const schedules: Schedule[] = [
  multistage({ steps: N, snapshotsInRam: 2 }),
  multistage({ steps: N, snapshotsInRam: 1, snapshotsOnDisk: 3 }),
  multistage({ steps: N, snapshotsOnDisk: 4, trajectory: 'revolve' }),
]
const inMemory = multistage({ steps: N, snapshotsInRam: N })

const isCut = (error: unknown): boolean =>
  error instanceof PowerCut || (error instanceof Error && error.cause !== undefined && isCut(error.cause))

test('the power goes at any operation, again and again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<Log>('renamed', 'alternating'),
      fc.constantFrom(...schedules),
      fc.array(fc.integer({ min: 1, max: 160 }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom(5, 9000), // cells: within the head, or a part of its own
      fc.constantFrom(0, 2, 4),
      fc.boolean(),
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      async (log, schedule, cuts, everySteps, cells, buffers, grows, stream) => {
        const random = () => stream.next().value as number
        const disk = new SimulatedDisk()
        const expected = await run(inMemory, undefined, log, everySteps, cells, buffers, grows)
        let found: { bits: string } | undefined
        for (const cut of [...cuts, Infinity]) {
          disk.cutAfter(cut)
          try {
            found = await run(schedule, disk, log, everySteps, cells, buffers, grows)
            break
          } catch (error) {
            if (!isCut(error)) throw error
            disk.restart(random)
          }
        }
        expect(found?.bits).toBe(expected.bits)
        expect([...disk.files.keys()]).toEqual([])
      },
    ),
    { numRuns },
  )
})

test('any file is truncated, changed or removed while the run is down', async () => {
  let harmed = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<Log>('renamed', 'alternating'),
      fc.constantFrom(...schedules),
      fc.integer({ min: 20, max: 150 }),
      fc.nat(),
      fc.constantFrom('truncated', 'flipped', 'removed', 'filled'),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      async (log, schedule, cut, which, how, where) => {
        const disk = new SimulatedDisk()
        disk.cutAfter(cut)
        try {
          await run(schedule, disk, log)
          return // it was faster
        } catch (error) {
          if (!isCut(error)) throw error
        }
        disk.restart(() => 0.1)
        const names = [...disk.files.keys()]
        if (names.length === 0) return
        disk.harm(names[which % names.length]!, (bytes) => {
          if (how === 'removed') return undefined
          if (how === 'truncated') return bytes.slice(0, Math.floor(where * bytes.length))
          if (how === 'filled') return bytes.fill(0x20)
          if (bytes.length > 0) bytes[Math.floor(where * bytes.length)]! ^= 1 << Math.floor(8 * where)
          return bytes
        })
        harmed += 1
        const { bits } = await run(schedule, disk, log)
        expect(bits).toBe((await run(inMemory, undefined)).bits)
        expect([...disk.files.keys()]).toEqual([])
      },
    ),
    { numRuns },
  )
  expect(harmed).toBeGreaterThan(numRuns / 2)
})
