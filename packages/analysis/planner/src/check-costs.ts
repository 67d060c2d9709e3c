/** Costs, checked and complete. */
import { defaultCosts, optionError, show } from '@checkpoint-schedules/core'
import type { SimulationCosts } from '@checkpoint-schedules/simulator'
import type { Sizes } from './problem.js'

/** Every price that the simulator knows. */
export type FullCosts = Required<SimulationCosts>

const names = ['forwardStep', 'tapedStep', 'adjointStep', 'copy'] as const
const transfers = ['write', 'read', 'writeTape', 'readTape'] as const

/** @throws `INVALID_OPTION`: a cost is negative, unknown, or missing for a disk in the budget. */
export function checkCosts(
  call: string,
  costs: SimulationCosts | undefined,
  hasDisk: boolean,
  { state, tape }: Sizes,
  assumptions: string[],
): FullCosts {
  if (costs === undefined)
    assumptions.push(`a step takes 1 unit of time${hasDisk ? ', a transfer to or from disk 2' : ''}`)
  const given: SimulationCosts = costs ?? defaultCosts
  check(call, given)
  const { forwardStep = 1, adjointStep = forwardStep, tapedStep = forwardStep, copy = 0 } = given
  if (given.adjointStep === undefined) assumptions.push('an adjoint step takes as long as a forward step')
  const disk = hasDisk ? diskPrices(call, given, assumptions) : { write: 0, read: 0 }
  // A tape's transfer takes longer if it is larger.
  const isScaled =
    hasDisk && tape !== state && (given.writeTape?.['DISK'] ?? given.readTape?.['DISK']) === undefined
  if (isScaled) assumptions.push('transfers of tapes and states take time in proportion to their sizes')
  const ratio = tape / state
  const inRam = (direction: 'write' | 'read') => given[direction]?.['RAM'] ?? 0
  return {
    forwardStep,
    tapedStep,
    adjointStep,
    copy,
    write: { RAM: inRam('write'), DISK: disk.write },
    read: { RAM: inRam('read'), DISK: disk.read },
    writeTape: {
      RAM: given.writeTape?.['RAM'] ?? inRam('write'),
      DISK: given.writeTape?.['DISK'] ?? disk.write * ratio,
    },
    readTape: {
      RAM: given.readTape?.['RAM'] ?? inRam('read'),
      DISK: given.readTape?.['DISK'] ?? disk.read * ratio,
    },
  }
}

function diskPrices(call: string, { write, read }: SimulationCosts, assumptions: string[]) {
  const [w, r] = [write?.['DISK'], read?.['DISK']]
  if (w === undefined && r === undefined)
    throw optionError(
      call,
      'budget has a DISK, but costs say nothing about it: pass costs.write.DISK and costs.read.DISK, measure them with a store (measureModel({ stores: { DISK } })), or leave DISK out of the budget.',
    )
  if (w === undefined || r === undefined)
    assumptions.push(
      w === undefined
        ? 'a write to disk takes as long as a read'
        : 'a read from disk takes as long as a write',
    )
  return { write: (w ?? r)!, read: (r ?? w)! }
}

function check(call: string, costs: SimulationCosts): void {
  if (typeof costs !== 'object' || costs === null)
    throw optionError(
      call,
      `costs must be an object such as { forwardStep: 1, write: { DISK: 2 } }; got ${show(costs)}.`,
    )
  const accepted = [...names, ...transfers]
  const unknown = Object.keys(costs).find((name) => !accepted.includes(name as (typeof names)[number]))
  if (unknown !== undefined)
    throw optionError(call, `costs has no ${show(unknown)}. It takes ${accepted.join(', ')}.`)
  for (const name of names) checkPrice(call, `costs.${name}`, costs[name])
  for (const name of transfers) {
    const prices = costs[name]
    if (prices !== undefined && (typeof prices !== 'object' || prices === null))
      throw optionError(call, `costs.${name} must be an object such as { DISK: 2 }; got ${show(prices)}.`)
    for (const [storage, price] of Object.entries(prices ?? {}))
      checkPrice(call, `costs.${name}.${storage}`, price)
  }
}

function checkPrice(call: string, name: string, price: unknown): void {
  if (price === undefined) return
  if (typeof price !== 'number' || !(price >= 0) || price === Infinity)
    throw optionError(call, `${name} must be a finite number >= 0; got ${show(price)}.`)
}
