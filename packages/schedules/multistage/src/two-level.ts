/**
 * TwoLevel: periodic checkpoints on disk, binomial checkpoints between them (Pringle et al. 2016; Goldberg et al. 2020).
 *
 * The insight: a fixed period needs no end, so the forward can run without knowing its number of steps; each block
 * between two disk checkpoints is then reversed like a short run by itself.
 *
 * ```
 * 0       P       2P      N
 * +------->+------->+---->       forward: one disk checkpoint each period
 *                   +-+>|>       reverse: the last block first, binomially
 * ```
 */
import { bestLengths, extraSteps, optimalSplit } from '@checkpoint-schedules/binomial'
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
  storageName,
  store,
  tape,
  transferPrices,
  UNBOUNDED,
} from '@checkpoint-schedules/core'
import { goldberg2020, pringle2016 } from './references.js'
import { slotTraffic } from './slot-traffic.js'

/**
 * Stores a checkpoint on disk every `period` steps and reverses each period binomially. Online; any number of adjoints: the disk
 * checkpoints stay.
 *
 * Memory: ceil(N/period) checkpoints on disk, `binomialSnapshots` in `binomialStorage`; O(binomialSnapshots) for the
 * schedule itself. Time: O(log t) for each action.
 *
 * @throws `INVALID_OPTION`
 * @example
 * ```ts
 * import { twoLevel } from '@checkpoint-schedules/multistage'
 *
 * twoLevel({ period: 10, binomialSnapshots: 2, binomialStorage: 'RAM' }).optimum(100) // { forwardSteps: 350, makespan: 530 }
 * ```
 */
export const twoLevel = defineSchedule({
  name: 'TwoLevel',
  summary:
    'A checkpoint on disk each period, binomial checkpoints within; the number of steps may be unknown, many adjoints are permitted.',
  whenToUse:
    'When the number of steps is not known in advance, or one forward serves several adjoints. It writes one checkpoint on disk each period.',
  references: [pringle2016, goldberg2020],
  options: {
    period: integer({ min: 1, help: 'steps between checkpoints on disk' }),
    binomialSnapshots: integer({
      min: 0,
      unit: 'checkpoints',
      help: 'further checkpoints while a period is reversed',
    }),
    binomialStorage: storageName({ default: 'DISK', help: 'where the further checkpoints live' }),
    trajectory: choice({
      choices: ['maximum', 'revolve'],
      default: 'maximum',
      help: 'which of the equally good placements to take',
    }),
  },
  contents: ['restart'],
  optionsWithin({ steps, ram, disk }) {
    if (disk === 0) return 'needs a disk'
    const periods = { from: Math.max(1, Math.ceil(steps / disk)), to: steps }
    const inRam = Math.min(ram, Math.max(0, steps - 2))
    // What the periodic checkpoints leave of the disk.
    const onDisk = (period: number) => Math.min(disk - Math.ceil(steps / period), Math.max(0, period - 2))
    return [
      {
        ...periods,
        likely: bestLengths(inRam + 1, steps),
        with: (period) => ({ period, binomialSnapshots: inRam, binomialStorage: 'RAM' }),
      },
      {
        ...periods,
        with: (period) => ({ period, binomialSnapshots: onDisk(period), binomialStorage: 'DISK' }),
      },
    ]
  },
  online: true,
  adjoints: 'unlimited',
  limits({ options: { period, binomialSnapshots, binomialStorage }, steps }) {
    const periodic = steps === undefined ? null : Math.ceil(steps / period)
    const longest = steps === undefined ? period : Math.min(period, steps)
    const further = Math.min(binomialSnapshots, Math.max(0, longest - 2))
    if (binomialStorage !== 'DISK') return { DISK: periodic, [binomialStorage]: further }
    return { DISK: periodic === null ? null : periodic + further }
  },
  period: ({ options }) => options.period,

  *actions({ options: { period, binomialSnapshots, binomialStorage, trajectory }, run }) {
    for (let n = 0; run.steps === undefined; n += period)
      yield store(n, Math.min(n + period, UNBOUNDED), 'DISK')
    yield endForward()
    const slots = binomialSnapshots + 1 // the block's own checkpoint is the lowest
    const stack: number[] = []
    while (true) {
      for (let blockEnd = run.steps; blockEnd > 0;) {
        const block = Math.floor((blockEnd - 1) / period) * period
        stack.push(block)
        for (let end = blockEnd; end > block; end--) {
          const top = stack.length - 1
          let n = stack[top]!
          const from = top === 0 ? 'DISK' : binomialStorage
          if (n === end - 1) {
            stack.pop()
            yield top === 0 ? copy(n, from) : move(n, from) // the block's own one serves the next adjoint, too
          } else {
            yield copy(n, from)
            const m = optimalSplit(end - n, slots - top, trajectory)
            yield advance(n, n + m)
            n += m
          }
          while (n < end - 1) {
            const m = optimalSplit(end - n, slots - stack.length, trajectory)
            yield store(n, n + m, binomialStorage)
            stack.push(n)
            n += m
          }
          yield tape(end - 1)
          yield reverse(end - 1)
        }
        blockEnd = block
      }
      yield endReverse()
    }
  },

  *optimum({
    options: { period, binomialSnapshots, binomialStorage, trajectory },
    steps,
    costs = defaultCosts,
  }) {
    const whole = Math.floor(steps / period)
    const blocks = [
      { length: period, count: whole },
      { length: steps - whole * period, count: 1 },
    ]
    const disk = transferPrices(costs, 'DISK')
    const further = transferPrices(costs, binomialStorage)
    let forwardSteps = steps
    let transfers = Math.ceil(steps / period) * disk.write
    for (const { length, count } of blocks) {
      if (length === 0 || count === 0) continue
      const slots = Math.max(1, Math.min(binomialSnapshots + 1, length - 1))
      forwardSteps += count * (length + extraSteps(length, slots))
      // The block's own checkpoint is read once more than in a run by itself, in which the forward is already there.
      transfers += count * disk.read
      if (length === 1) continue
      const counted = further.write + further.read > 0 ? slots : 1
      const traffic = yield* slotTraffic(length, slots, trajectory, counted)
      if (traffic === undefined) return undefined
      transfers += count * traffic.reads[0]! * disk.read
      for (let slot = 1; slot < traffic.writes.length; slot++)
        transfers += count * (traffic.writes[slot]! * further.write + traffic.reads[slot]! * further.read)
    }
    return { forwardSteps, makespan: stepsTime(costs, steps, forwardSteps) + transfers }
  },
})
