/**
 * Multistage: binomial checkpointing with a stack of slots in memory and on disk (Griewank & Walther 2000,
 * doi:10.1145/347837.347846; Stumm & Walther 2009, doi:10.1137/080718036).
 *
 * The insight: checkpoints are used as a stack, so the busiest slots are known in advance and are kept in memory.
 *
 * ```
 * 0   1   2   3   4
 * +------->               slot 0 keeps step 0
 *         +--->           slot 1 keeps step 2
 *             |--->  <---|   tape and reverse step 3, then step 2 from slot 1, then 1 and 0 from slot 0
 * ```
 */
import { extraSteps, optimalSplit } from '@checkpoint-schedules/binomial'
import {
  advance,
  choice,
  copy,
  defaultCosts,
  defineSchedule,
  endForward,
  endReverse,
  integer,
  move,
  reverse,
  stepsTime,
  store,
  tape,
  transferPrices,
} from '@checkpoint-schedules/core'
import { griewankWalther2000, stummWalther2009 } from './references.js'
import { slotCounts, slotsOf, tooManySlots } from './slot-storage.js'
import { slotTraffic } from './slot-traffic.js'

/**
 * Reverses a known number of steps with the fewest forward steps for the checkpoints given, the busiest ones in memory.
 * Offline; one adjoint.
 *
 * Memory: O(snapshots). Time: O(log t) for each action, where t is the most times that any step is recomputed.
 *
 * @throws `INVALID_OPTION`
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 *
 * multistage({ steps: 10, snapshotsInRam: 3 }).optimum() // { forwardSteps: 25, makespan: 35 }
 * ```
 */
export const multistage = defineSchedule({
  name: 'Multistage',
  summary:
    'Binomial checkpointing with the fewest forward steps; the busiest checkpoints in memory, the others on disk.',
  whenToUse:
    'When the number of steps is known and a disk access costs little compared with a step: all checkpoints are used as one stack, the busiest ones in memory. If the disk is slow, HRevolve takes its costs into account.',
  references: [griewankWalther2000, stummWalther2009],
  options: {
    steps: integer({ min: 1, help: 'time steps of the forward' }),
    snapshotsInRam: integer({
      min: 0,
      default: 0,
      unit: 'checkpoints',
      short: 'ram',
      help: 'checkpoints in memory',
    }),
    snapshotsOnDisk: integer({
      min: 0,
      default: 0,
      unit: 'checkpoints',
      short: 'disk',
      help: 'checkpoints on disk',
    }),
    trajectory: choice({
      choices: ['maximum', 'revolve'],
      default: 'maximum',
      help: 'which of the equally good placements to take',
    }),
  },
  check({ steps, snapshotsInRam, snapshotsOnDisk }) {
    if (steps === 1 || snapshotsInRam + snapshotsOnDisk > 0) {
      return tooManySlots(slotCounts(steps, snapshotsInRam, snapshotsOnDisk))
    }
    return (
      `${steps} steps need at least one checkpoint; got snapshotsInRam 0 and snapshotsOnDisk 0. ` +
      'Pass snapshotsInRam or snapshotsOnDisk >= 1; to run the forward alone, use none().'
    )
  },
  contents: ['restart'],
  optionsWithin({ steps, ram, disk }) {
    if (ram + disk === 0 && steps > 1) return 'needs memory or a disk'
    const snapshotsInRam = Math.min(ram, steps - 1)
    // More on disk saves steps, but takes transfers.
    const to = Math.min(disk, steps - 1 - snapshotsInRam)
    const from = Math.min(to, snapshotsInRam === 0 ? 1 : 0)
    return (['maximum', 'revolve'] as const).map((trajectory) => ({
      from,
      to,
      with: (snapshotsOnDisk) => ({ steps, snapshotsInRam, snapshotsOnDisk, trajectory }),
    }))
  },
  online: false,
  adjoints: 1,
  plan: ({ steps, snapshotsInRam, snapshotsOnDisk, trajectory }) =>
    slotsOf(steps, slotCounts(steps, snapshotsInRam, snapshotsOnDisk), trajectory),
  limits({ options: { steps, snapshotsInRam, snapshotsOnDisk } }) {
    const { ram, disk } = slotCounts(steps, snapshotsInRam, snapshotsOnDisk)
    return { RAM: ram, DISK: disk }
  },

  *actions({ options: { steps, trajectory }, plan: slots }) {
    const stack: number[] = [] // the step whose restart data is in each slot
    let n = 0
    for (let end = steps; end > 0; end--) {
      // Sweep to the last step not reversed yet, with a checkpoint in each free slot on the way.
      while (n < end - 1) {
        const m = optimalSplit(end - n, slots.count - stack.length, trajectory)
        yield store(n, n + m, slots.storageOf(stack.length))
        stack.push(n)
        n += m
      }
      yield tape(end - 1)
      if (end === steps) yield endForward()
      yield reverse(end - 1)
      if (end === 1) break
      // Go back to the last checkpoint: for the last time if it is at the next step to reverse.
      const slot = stack.length - 1
      n = stack[slot]!
      if (n === end - 2) {
        stack.pop()
        yield move(n, slots.storageOf(slot))
      } else {
        yield copy(n, slots.storageOf(slot))
        const m = optimalSplit(end - 1 - n, slots.count - slot, trajectory)
        yield advance(n, n + m)
        n += m
      }
    }
    yield endReverse()
  },

  *optimum({ options: { steps, trajectory }, plan: slots, costs = defaultCosts }) {
    const forwardSteps = steps + extraSteps(steps, slots.count)
    let makespan = stepsTime(costs, steps, forwardSteps)
    const prices = { RAM: transferPrices(costs, 'RAM'), DISK: transferPrices(costs, 'DISK') }
    const isPriced = ({ write, read }: { write: number; read: number }) => write + read > 0
    if ((slots.onDisk > 0 && isPriced(prices.DISK)) || isPriced(prices.RAM)) {
      const traffic = slots.traffic ?? (yield* slotTraffic(steps, slots.count, trajectory))
      if (traffic === undefined) return undefined
      for (let slot = 0; slot < slots.count; slot++) {
        const { write, read } = prices[slots.storageOf(slot)]
        makespan += traffic.writes[slot]! * write + traffic.reads[slot]! * read
      }
    }
    return { forwardSteps, makespan }
  },
})
