/**
 * Mixed: a checkpoint holds either restart data or one step's dependency data (Maddison 2024,
 * doi:10.1016/j.jocs.2024.102405).
 *
 * The insight: a stored tape saves taking its step again, so if both kinds are about equally large, it pays to mix them. The fewest
 * forward steps and each decision follow from a closed form: no table.
 *
 * ```
 * 0   1   2   3   4
 * |--->+                   dependency data of step 0
 *     +------->            restart data of step 1
 *             |--->  <---|     tape and reverse step 3
 *     |--->+  |--->  <---|     restart data of 1 again: now its tape is kept, and 2 is reversed, then 1 and 0 from their tapes
 * ```
 */
import {
  advance,
  type CheckpointKind,
  copy,
  defaultCosts,
  defineSchedule,
  endForward,
  endReverse,
  integer,
  move,
  moveTape,
  reverse,
  stepsTime,
  storageName,
  store,
  storeTape,
  tape,
  transferPrices,
} from '@checkpoint-schedules/core'
import { countWrites } from './count-writes.js'
import { Decisions } from './decisions.js'
import { leastForwardSteps } from './least-steps.js'
import { maddison2024 } from './references.js'

interface Checkpoint {
  readonly n: number
  readonly kind: CheckpointKind
}

/**
 * Reverses a known number of steps with the fewest forward steps, where each checkpoint holds either restart data or one step's dependency
 * data (Maddison 2024, section 4). Offline; one adjoint.
 *
 * Memory: O(snapshots), no table. Time: O(1) for an action, except for decisions no longer cached, which take about a hundred evaluations of
 * binomial coefficients for any number of steps.
 *
 * @throws `INVALID_OPTION`
 * @example
 * ```ts
 * import { mixed } from '@checkpoint-schedules/mixed'
 *
 * mixed({ steps: 10, snapshots: 3 }).optimum() // { forwardSteps: 19, makespan: 65 }
 * ```
 */
export const mixed = defineSchedule({
  name: 'Mixed',
  summary: 'Restart data or dependency data in each checkpoint, whichever saves more forward steps.',
  whenToUse:
    'When the tape of one step is about as large as a state: storing tapes where they save more takes fewer steps than storing states alone.',
  references: [maddison2024],
  options: {
    steps: integer({ min: 1, help: 'time steps of the forward' }),
    snapshots: integer({ min: 0, unit: 'checkpoints', help: 'checkpoints of either kind' }),
    storage: storageName({ default: 'DISK', help: 'where the checkpoints live' }),
  },
  check({ steps, snapshots }) {
    if (steps === 1 || snapshots > 0) return undefined
    return (
      `${steps} steps need at least one checkpoint; got snapshots 0. ` +
      'Pass snapshots >= 1; to run the forward alone, use none().'
    )
  },
  contents: ['restart', 'dependency'],
  optionsWithin({ steps, ram, disk, tapesInRam = ram, tapesOnDisk = disk }) {
    if (steps === 1) return [{ steps, snapshots: 0 }]
    // How many fit depends on how many of them hold tapes at a time: between all and none.
    const within = (storage: string, states: number, tapes: number) => {
      const to = Math.min(steps - 1, Math.max(states, tapes))
      const likely = [Math.min(states, tapes)]
      return { from: 1, to, likely, with: (snapshots: number) => ({ steps, snapshots, storage }) }
    }
    const ranges = [within('RAM', ram, tapesInRam), within('DISK', disk, tapesOnDisk)]
    const some = ranges.filter(({ to }) => to > 0)
    return some.length > 0 ? some : 'needs memory or a disk'
  },
  online: false,
  adjoints: 1,
  limits: ({ options: { steps, snapshots, storage } }) => ({ [storage]: Math.min(snapshots, steps - 1) }),

  *actions({ options: { steps, snapshots, storage } }) {
    const slots = Math.min(snapshots, steps - 1)
    const decisions = new Decisions()
    const stack: Checkpoint[] = []
    let n = 0
    let end = steps // the steps from here on are reversed
    while (end > 0) {
      // On to the last step not reversed yet, with one kind of checkpoint or the other at each stop.
      while (n < end - 1) {
        const free = slots - stack.length
        if (decisions.storesDependencies(end - n, free)) {
          yield storeTape(n, storage)
          stack.push({ n, kind: 'dependency' })
          n += 1
        } else {
          const i = decisions.advanceFrom(end - n, free)
          yield store(n, n + i, storage)
          stack.push({ n, kind: 'restart' })
          n += i
        }
      }
      yield tape(end - 1)
      if (end === steps) yield endForward()
      yield reverse(--end)
      // Dependency data on top of the stack is that of the next steps.
      let top = stack.pop()
      for (; top?.kind === 'dependency'; top = stack.pop()) {
        yield moveTape(--end, storage)
        yield reverse(end)
      }
      if (top === undefined) break
      // Back to the last restart data: for the last time if a free checkpoint for each step but one is left after that.
      n = top.n
      const free = slots - stack.length // its own included
      if (end - n <= free + 1) {
        yield move(n, storage)
      } else {
        stack.push(top)
        yield copy(n, storage)
        const i = decisions.advanceFrom(end - n, free)
        yield advance(n, n + i)
        n += i
      }
    }
    yield endReverse()
  },

  *optimum({ options: { steps, snapshots, storage }, costs = defaultCosts }) {
    const slots = Math.min(snapshots, steps - 1)
    const { write, read, writeTape, readTape } = transferPrices(costs, storage)
    const forwardSteps = leastForwardSteps(steps, slots)
    // Every step but the last one is reversed after a read.
    let makespan = stepsTime(costs, steps, forwardSteps) + (steps - 1) * read
    if (write > 0 || writeTape > 0 || readTape !== read) {
      const writes = yield* countWrites(steps, slots)
      if (writes === undefined) return undefined
      // Each tape is read once.
      makespan += writes.states * write + writes.tapes * (writeTape + readTape - read)
    }
    return { forwardSteps, makespan }
  },
})
