/** Carries out actions in bytes and costs: nothing of the plan is used, only the options and what an action does. */
import type { Action } from '@checkpoint-schedules/core'
import { options } from '../src/options.js'
import { checkOptions, type OptionInput, type PerStep } from '@checkpoint-schedules/core'

export type Input = OptionInput<typeof options>

const at = (given: PerStep, n: number) => (typeof given === 'number' ? given : given[n]!)

/** What an action costs under these options. */
export function costOf(input: Input, action: Action): number {
  const { forwardCost, tapeCost = forwardCost, adjointCost, stateBytes, tapeBytes, disk } = checked(input)
  const transfer = (direction: 'write' | 'read', bytes: number) =>
    disk === undefined ? 0 : disk[`${direction}Latency`] + bytes * disk[`${direction}PerByte`]
  switch (action.type) {
    case 'Forward': {
      let cost = 0
      for (let n = action.n0; n < action.n1; n++) cost += at(action.writeAdjDeps ? tapeCost : forwardCost, n)
      if (action.storage !== 'DISK') return cost
      return cost + transfer('write', at(action.writeIcs ? stateBytes : tapeBytes, action.n0))
    }
    case 'Reverse':
      return at(adjointCost, action.n0)
    case 'Copy':
    case 'Move':
      if (action.from !== 'DISK') return 0
      return transfer('read', at(action.to === 'FWD_RESTART' ? stateBytes : tapeBytes, action.n))
    default:
      return 0
  }
}

/** The most bytes held: checkpoints by storage, and in all with the working bytes of each action. */
export function bytesHeld(input: Input, actions: Iterable<Action>) {
  const { steps, stateBytes, tapeBytes, working } = checked(input)
  const checkpoints = new Map<string, number>()
  const held: Record<string, number> = { RAM: 0, DISK: 0 }
  const peak: Record<string, number> = { RAM: 0, DISK: 0 }
  let peakTotal = 0
  let adjointAt = steps
  const note = (workingBytes: number) => {
    peakTotal = Math.max(peakTotal, held['RAM']! + workingBytes)
    for (const storage of ['RAM', 'DISK']) peak[storage] = Math.max(peak[storage]!, held[storage]!)
  }
  for (const action of actions) {
    if (action.type === 'Forward') {
      const { n0, n1, writeIcs, writeAdjDeps, storage } = action
      if (storage === 'RAM' || storage === 'DISK') {
        const bytes = at(writeIcs ? stateBytes : tapeBytes, n0)
        checkpoints.set(`${storage}${n0}`, bytes)
        held[storage]! += bytes
      }
      for (let n = n0; n < n1; n++) {
        const isTaped = writeAdjDeps && storage !== 'RAM'
        const own = working === undefined ? 0 : at(isTaped ? working.tape : working.forward, n)
        note(working === undefined ? 0 : own + at(working.standing, adjointAt))
      }
    } else if (action.type === 'Reverse') {
      adjointAt = action.n0
      note(working === undefined ? 0 : at(working.adjoint, action.n0))
    } else if (action.type === 'Move') {
      held[action.from]! -= checkpoints.get(`${action.from}${action.n}`)!
    }
  }
  return { peak, peakTotal }
}

const seen = new WeakMap<Input, ReturnType<typeof check>>()
const check = (input: Input) => checkOptions('replay', options, input)
function checked(input: Input) {
  let known = seen.get(input)
  if (known === undefined) seen.set(input, (known = check(input)))
  return known
}
