/** SingleDisk: the tape of every step goes to disk; nothing is ever recomputed. */
import {
  boolean,
  copyTape,
  defaultCosts,
  defineSchedule,
  endForward,
  endReverse,
  moveTape,
  reverse,
  stepsTime,
  storeTape,
  transferPrices,
} from '@checkpoint-schedules/core'

/**
 * Writes the tape of every step to disk and reads it back in reverse. Online; any number of adjoints, or one if `moveData` frees the disk on
 * the way.
 *
 * Memory: one tape in working storage, N on disk. Cost: N forward steps, N writes, N reads for each adjoint.
 *
 * @example
 * ```ts
 * import { singleDisk } from '@checkpoint-schedules/basic'
 *
 * singleDisk({ moveData: true }).manifest.adjoints // 1
 * ```
 */
export const singleDisk = defineSchedule({
  name: 'SingleDisk',
  summary: 'Keeps every step on disk; recomputes nothing.',
  whenToUse:
    'When the tapes of all steps fit on disk and the disk keeps up with the model: each step is written and read once.',
  references: [],
  options: {
    moveData: boolean({
      default: false,
      help: 'free each step on disk as it is read; permits one adjoint only',
    }),
  },
  contents: ['dependency'],
  optionsWithin: ({ steps, disk, tapesOnDisk = disk }) =>
    tapesOnDisk >= steps ? [{ moveData: true }] : 'needs a disk for the tapes of all steps',
  online: true,
  adjoints: ({ options: { moveData } }) => (moveData ? 1 : 'unlimited'),
  limits: ({ steps = null }) => ({ DISK: steps }),
  *actions({ options: { moveData }, run }) {
    for (let n = 0; run.steps === undefined; n++) yield storeTape(n, 'DISK')
    yield endForward()
    while (true) {
      for (let n = run.steps - 1; n >= 0; n--) {
        yield moveData ? moveTape(n, 'DISK') : copyTape(n, 'DISK')
        yield reverse(n)
      }
      yield endReverse()
    }
  },
  optimum({ steps, costs = defaultCosts }) {
    const { writeTape, readTape } = transferPrices(costs, 'DISK')
    return {
      forwardSteps: steps,
      makespan: stepsTime(costs, steps, steps) + steps * (writeTape + readTape),
    }
  },
})
