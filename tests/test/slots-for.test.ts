/** A budget in bytes: what is foretold, and what a run with it really holds. */
import type { Schedule } from '@checkpoint-schedules/core'
import {
  memoryStore,
  runAdjoint,
  type RunStatistics,
  slotsFor,
  workingBytes,
} from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { diskRevolve, hRevolve, revolve } from '@checkpoint-schedules/revolve'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const number = 8

interface Sizes {
  readonly stateBytes: number
  readonly tapeBytes: number
  readonly adjointBytes: number
}

/** Runs a model whose values have these sizes; DISK is memory that does not count as such. */
async function ran(
  schedule: Schedule,
  { stateBytes, tapeBytes, adjointBytes }: Sizes,
): Promise<RunStatistics> {
  const { statistics } = await runAdjoint({
    schedule,
    model: {
      step: (u: Float64Array) => u,
      tape: (u: Float64Array) => ({ state: u, tape: new Float64Array(tapeBytes / number) }),
      adjoint: (a: Float64Array) => a,
    },
    initialState: new Float64Array(stateBytes / number),
    terminalAdjoint: new Float64Array(adjointBytes / number),
    stores: { DISK: { ...memoryStore(), medium: 'a disk', inMemory: false } },
  })
  return statistics
}

const bytes = fc.integer({ min: 1, max: 40 }).map((count) => count * number)
const sizes = fc.record({ stateBytes: bytes, tapeBytes: bytes, adjointBytes: bytes })

describe('slotsFor', () => {
  it('gives an option for each storage that the budget names, and no other', () => {
    expect(slotsFor({ stateBytes: 100, ramBytes: 1450 })).toEqual({ snapshotsInRam: 10 })
    expect(slotsFor({ stateBytes: 100, diskBytes: 1450 })).toEqual({ snapshotsOnDisk: 14 })
    expect(slotsFor({ stateBytes: 100, ramBytes: 1450, diskBytes: 1450 })).toEqual({
      snapshotsInRam: 8,
      snapshotsOnDisk: 14,
    })
    // Each is an option that the schedule takes.
    revolve({ steps: 20, ...slotsFor({ stateBytes: 100, ramBytes: 1450 }) })
    diskRevolve({ steps: 20, ...slotsFor({ stateBytes: 100, ramBytes: 1450, buffers: 2 }) })
    multistage({ steps: 20, ...slotsFor({ stateBytes: 100, diskBytes: 1450 }) })
    hRevolve({ steps: 20, ...slotsFor({ stateBytes: 100, ramBytes: 1450, diskBytes: 1450 }) })
  })

  it.each([
    [
      { stateBytes: 100, ramBytes: 499 },
      /holds 400 bytes in memory .* takes 100\. Pass at least 500, which is 1 more/,
    ],
    [
      { stateBytes: 100, ramBytes: 599, diskBytes: 100 },
      /holds 600 bytes in memory .*Pass at least 600, which is 1 more/,
    ],
    [{ stateBytes: 100, tapeBytes: 1000, ramBytes: 1299 }, /Pass at least 1400, which is 101 more/],
    [{ stateBytes: 100, ramBytes: 699, diskBytes: 99 }, /Pass at least 700, which is 1 more/],
    [
      { stateBytes: 100, diskBytes: 99 },
      /no checkpoint fits: a state has 100 bytes, diskBytes is 99\. Pass at least 100/,
    ],
    [{ stateBytes: 100 }, /a budget is missing/],
    [{ stateBytes: 0, ramBytes: 99 }, /stateBytes must be a finite number > 0/],
    [{ stateBytes: 100, tapeBytes: -1, ramBytes: 999 }, /tapeBytes must be a finite number >= 0/],
    [{ stateByte: 100, ramBytes: 999 }, /stateByte/],
  ])('%j is refused', (budget, message) => {
    expect(() => slotsFor(budget as never)).toThrow(message)
  })

  it('a run with what it gives stays within ramBytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 300 }),
        async (of, slots, steps, spare) => {
          const { stateBytes } = of
          const inRam = workingBytes(of) + slots * stateBytes + (spare % stateBytes)
          const ram = slotsFor({ ...of, ramBytes: inRam })
          expect(ram).toEqual({ snapshotsInRam: slots })
          expect((await ran(revolve({ steps, ...ram }), of)).peakLiveBytes).toBeLessThanOrEqual(inRam)

          const ramBytes = workingBytes({ ...of, buffers: 2 }) + slots * stateBytes + (spare % stateBytes)
          const both = slotsFor({ ...of, ramBytes, diskBytes: 3 * stateBytes })
          for (const schedule of [
            multistage({ steps, ...both }),
            hRevolve({ steps, ...both }),
            diskRevolve({ steps, ...slotsFor({ ...of, ramBytes, buffers: 2 }) }),
          ])
            expect((await ran(schedule, of)).peakLiveBytes).toBeLessThanOrEqual(ramBytes)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('leaves nothing unused: a run of many steps holds all of it', async () => {
    const of = { stateBytes: 80, tapeBytes: 240, adjointBytes: 16 }
    const ramBytes = workingBytes(of) + 3 * 80
    const { peakLiveBytes } = await ran(revolve({ steps: 50, ...slotsFor({ ...of, ramBytes }) }), of)
    expect(peakLiveBytes).toBe(ramBytes)
  })
})
