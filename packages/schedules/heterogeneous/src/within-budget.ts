/** The options for a budget of the planner: equal steps, planned exactly where that is cheap, else in a unit in which it is, if that wastes little. */
import type { ByteBudget, OptionInput } from '@checkpoint-schedules/core'
import { chainOf } from './chain.js'
import { equalLevelsOf } from './equal-levels.js'
import { leastRam } from './least-ram.js'
import type { Bounds } from './levels.js'
import type { options as descriptors } from './options.js'

type Input = OptionInput<typeof descriptors>

/** More equal steps take seconds to plan, whatever the unit. */
const MOST_STEPS = 10_000

/** A second or so. With a disk there are more budgets to look at. */
const affordable = (hasDisk: boolean): Bounds => ({
  levels: 10_000,
  bytes: 2 ** 26,
  evaluations: hasDisk ? 300_000 : 1_000_000,
})

/** The most that rounding may waste: of a state, a tape and the budget, each as a part of itself. */
const MOST_WASTE = 0.1

/** The options, or why there are none. */
export function optionsWithin(steps: number, budget: ByteBudget): readonly Input[] | string {
  if (steps > MOST_STEPS) return `is planned for up to ${MOST_STEPS.toLocaleString('en')} steps here`
  const { ram, disk, state, tape, costs } = budget
  const { forwardStep, tapedStep = forwardStep, adjointStep } = costs
  const plain = {
    steps,
    forwardCost: forwardStep,
    tapeCost: tapedStep,
    adjointCost: adjointStep,
    stateBytes: state,
    tapeBytes: tape,
    ramBytes: ram,
    ...(disk !== undefined && { disk: diskOf(disk, budget) }),
  }
  const chain = chainOf(plain)
  const least = leastRam(chain)
  if (ram < least) return `needs ${least} bytes for checkpoints in memory`
  const bounds = affordable(disk !== undefined)
  if (equalLevelsOf(chain, bounds) !== undefined) return [plain]
  // In memory and on a limited disk at once, a unit that is coarse enough wastes too much.
  const isLimited = disk !== undefined && disk < Infinity
  const most = bounds.evaluations / steps / (disk === undefined ? 1 : 2)
  const unitBytes = isLimited ? undefined : unitFor(budget, most)
  return unitBytes === undefined ? 'takes long to plan for this budget' : [{ ...plain, unitBytes }]
}

/** Of the units that divide a state or a tape, the one that wastes least, so that the budget has at most `most` units. */
function unitFor({ ram, state, tape }: ByteBudget, most: number): number | undefined {
  let best: number | undefined
  let least = MOST_WASTE
  for (const size of [state, tape]) {
    for (let parts = 1; parts <= size; parts++) {
      const unit = Math.ceil(size / parts)
      if (ram / unit + 1 > most) break
      const wasteOf = (bytes: number) => (Math.ceil(bytes / unit) * unit) / bytes - 1
      const waste = wasteOf(state) + (tape === 0 ? 0 : wasteOf(tape)) + (ram % unit) / ram
      if (waste >= least) continue
      least = waste
      best = unit
    }
  }
  return best
}

/** A transfer takes a time for itself and one for each byte, so that both kinds cost what they should, if there are such times. */
function diskOf(bytes: number, { state, tape, costs }: ByteBudget) {
  const line = (ofState: number, ofTape: number) => {
    const slope = state === tape ? ofState / state : (ofTape - ofState) / (tape - state)
    const perByte = Math.min(Math.max(0, slope), ofState / state)
    return { latency: Math.max(0, ofState - perByte * state), perByte }
  }
  const price = (name: 'write' | 'read' | 'writeTape' | 'readTape') => costs[name]?.['DISK'] ?? 0
  const write = line(price('write'), price('writeTape'))
  const read = line(price('read'), price('readTape'))
  return {
    bytes: bytes === Infinity ? null : bytes,
    writeLatency: write.latency,
    writePerByte: write.perByte,
    readLatency: read.latency,
    readPerByte: read.perByte,
  }
}
