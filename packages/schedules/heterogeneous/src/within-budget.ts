/** The options for a budget of the planner: equal steps, planned exactly where that is cheap, else in units of some bytes. */
import type { ByteBudget, OptionInput } from '@checkpoint-schedules/core'
import { type Chain, chainOf, inUnits } from './chain.js'
import { equalLevelsOf } from './equal-levels.js'
import { leastRam } from './least-ram.js'
import type { Bounds } from './levels.js'
import type { options as descriptors } from './options.js'

type Input = OptionInput<typeof descriptors>

/** More equal steps take seconds to plan, whatever the unit. */
const MOST_STEPS = 10_000

/** A second at most. */
const affordable: Bounds = { levels: 100_000, bytes: 2 ** 26, evaluations: 1_000_000 }

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
  const isAffordable = (chain: Chain) => equalLevelsOf(chain, affordable) !== undefined
  if (isAffordable(chain)) return [plain]
  const most = affordable.evaluations / steps / (disk === undefined ? 1 : 2)
  const rounded = (input: Input) => {
    const unitBytes = unitFor(budget, most)
    return unitBytes === undefined ? [] : [{ ...input, unitBytes }]
  }
  const isLimited = disk !== undefined && disk < Infinity
  if (!isLimited) return orReason(rounded(plain))
  // In memory and on a limited disk at once there are too many levels. A plan for an unlimited disk is the best one if it fits the disk;
  // the caller will see. Failing that, a plan in coarse units fits.
  const unlimited = { ...plain, disk: { ...diskOf(disk, budget), bytes: null } }
  const relaxed = isAffordable(chainOf(unlimited)) ? [unlimited] : rounded(unlimited)
  const unitBytes = coarseUnit(chain, Math.max(state, tape), isAffordable)
  return orReason([...relaxed, ...(unitBytes === undefined ? [] : [{ ...plain, unitBytes }])])
}

const orReason = (inputs: readonly Input[]) =>
  inputs.length > 0 ? inputs : 'takes long to plan for this budget'

/** The finest of some units in which the chain can be planned, whatever it wastes. */
function coarseUnit(
  chain: Chain,
  largest: number,
  isAffordable: (chain: Chain) => boolean,
): number | undefined {
  for (let parts = 8; parts >= 1; parts /= 2) {
    const unit = Math.ceil(largest / parts)
    const counted = inUnits(chain, unit)
    if (leastRam(counted) <= counted.ram && isAffordable(counted)) return unit
  }
  return undefined
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
