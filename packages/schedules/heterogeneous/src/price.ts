/** What each action costs and takes, from the options alone. */
import { type Action, type ActionPrice, isCheckpointStorage, type PerStep } from '@checkpoint-schedules/core'
import type { HeterogeneousOptions } from './options.js'

const nothing: ActionPrice = { steps: 0, transfer: 0, bytes: 0, working: 0 }

/** The price of an action while the adjoint stands at `end`. */
export function priceOf(options: HeterogeneousOptions, action: Action, end: number): ActionPrice {
  const { steps, adjointCost, disk, working } = options
  const adjointBytes = working === undefined ? 0 : at(working.standing, Math.min(end, steps))
  const transfer = (direction: 'write' | 'read', storage: string, bytes: number) =>
    storage === 'DISK' && disk ? disk[`${direction}Latency`] + bytes * disk[`${direction}PerByte`] : 0
  switch (action.type) {
    case 'Forward': {
      const { n0, n1, writeIcs, writeAdjDeps, storage } = action
      const isCheckpoint = isCheckpointStorage(storage) && (writeIcs || writeAdjDeps)
      const bytes = isCheckpoint ? sizeOf(options, n0, writeIcs) : 0
      // The tape in RAM counts as a checkpoint.
      const inUse = writeAdjDeps && storage !== 'RAM' ? working?.tape : working?.forward
      return {
        steps: sum(writeAdjDeps ? (options.tapeCost ?? options.forwardCost) : options.forwardCost, n0, n1),
        transfer: transfer('write', storage, bytes),
        bytes,
        working: inUse === undefined ? 0 : most(inUse, n0, n1) + adjointBytes,
      }
    }
    case 'Reverse':
      return {
        ...nothing,
        steps: sum(adjointCost, action.n0, action.n1),
        working: working === undefined ? 0 : most(working.adjoint, action.n0, action.n1),
      }
    case 'Copy':
    case 'Move': {
      const bytes = sizeOf(options, action.n, action.to === 'FWD_RESTART')
      return { ...nothing, transfer: transfer('read', action.from, bytes), bytes }
    }
    default:
      return nothing
  }
}

function sizeOf({ stateBytes, tapeBytes }: HeterogeneousOptions, n: number, isState: boolean): number {
  return at(isState ? stateBytes : tapeBytes, n)
}

function at(given: PerStep, n: number): number {
  return typeof given === 'number' ? given : given[n]!
}

function sum(given: PerStep, n0: number, n1: number): number {
  if (typeof given === 'number') return (n1 - n0) * given
  let total = 0
  for (let n = n0; n < n1; n++) total += given[n]!
  return total
}

function most(given: PerStep, n0: number, n1: number): number {
  if (typeof given === 'number') return given
  let largest = 0
  for (let n = n0; n < n1; n++) largest = Math.max(largest, given[n]!)
  return largest
}
