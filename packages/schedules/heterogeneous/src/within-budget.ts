/** The options for a budget of the planner: equal steps, planned exactly where that is cheap, else in a unit in which it is. */
import type { ByteBudget, OptionInput } from '@checkpoint-schedules/core'
import { chainOf } from './chain.js'
import { leastRam } from './least-ram.js'
import type { Bounds } from './levels.js'
import type { options as descriptors } from './options.js'
import { plannable } from './plan-size.js'

type Input = OptionInput<typeof descriptors>

/** More equal steps take seconds to plan, whatever the unit. */
const MOST_STEPS = 10_000

/** A second at most. With a disk there are more budgets to look at. */
const affordable = (hasDisk: boolean): Bounds => ({
  levels: 10_000,
  bytes: 2 ** 26,
  evaluations: hasDisk ? 200_000 : 400_000,
})

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
  const found = plannable(chain, undefined, affordable(disk !== undefined))
  if (found === undefined) return 'takes long to plan for this budget'
  return [found.unit === undefined ? plain : { ...plain, unitBytes: found.unit }]
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
