/** Random options for a schedule family, made from its option descriptors. */
import {
  type AnyScheduleFactory,
  isCheckpointScheduleError,
  type OptionDescriptor,
  type OptionDescriptors,
} from '@checkpoint-schedules/core'
import fc from 'fast-check'

/** How large the random options get. */
export interface Sizes {
  /** Most steps, and the largest value of other integers without a smaller maximum. By default 60. */
  readonly steps?: number
  /** Most checkpoints. By default 12. */
  readonly slots?: number
}

const MOST_REFUSALS = 10_000

/**
 * An arbitrary of options that the family accepts: what its descriptors allow and its `check` does not refuse. Optional options are
 * sometimes left out. Small values come often: edges are where schedules break.
 *
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { arbitraryOptions } from '@checkpoint-schedules/testkit'
 * import fc from 'fast-check'
 *
 * fc.sample(arbitraryOptions(multistage, { steps: 100, slots: 9 }), 20).length // 20
 * ```
 */
export function arbitraryOptions(
  factory: AnyScheduleFactory,
  sizes: Sizes = {},
): fc.Arbitrary<Record<string, unknown>> {
  let refused = 0
  return ofDescriptors(factory.definition.options, sizes).filter((options) => {
    refused = accepts(factory, options) ? 0 : refused + 1
    if (refused > MOST_REFUSALS) {
      throw new Error(
        `check refused ${MOST_REFUSALS} random options in a row: give the suite its own arbitrary`,
      )
    }
    return refused === 0
  })
}

function accepts(factory: AnyScheduleFactory, options: Record<string, unknown>): boolean {
  try {
    factory(options)
    return true
  } catch (error) {
    if (isCheckpointScheduleError(error)) return false
    throw error
  }
}

function ofDescriptors(descriptors: OptionDescriptors, sizes: Sizes): fc.Arbitrary<Record<string, unknown>> {
  const values = Object.entries(descriptors).map(
    ([name, descriptor]) => [name, ofDescriptor(name, descriptor, sizes)] as const,
  )
  const requiredKeys = Object.entries(descriptors)
    .filter(
      ([, descriptor]) => !descriptor.optional && !('default' in descriptor) && descriptor.kind !== 'costs',
    )
    .map(([name]) => name)
  return fc.record(Object.fromEntries(values), { requiredKeys })
}

function ofDescriptor(name: string, descriptor: OptionDescriptor, sizes: Sizes): fc.Arbitrary<unknown> {
  const { steps = 60, slots = 12 } = sizes
  switch (descriptor.kind) {
    case 'integer': {
      const { min } = descriptor
      const most = name !== 'steps' && descriptor.unit === 'checkpoints' ? slots : steps
      const max = Math.min(descriptor.max ?? Infinity, Math.max(min, most))
      return fc.oneof(fc.integer({ min, max: Math.min(max, min + 4) }), fc.integer({ min, max }))
    }
    case 'number': {
      const { unlimited, ...limited } = descriptor
      if (unlimited) return fc.option(ofDescriptor(name, limited, sizes))
      const { min = -100, max = 100, aboveMin, unit } = limited
      if (unit === 'bytes')
        return fc.integer({ min: aboveMin ? min + 1 : min, max: Math.min(max, Math.ceil(slots / 2)) })
      return fc.double({ min, max: Math.max(min, max), minExcluded: aboveMin === true, noNaN: true })
    }
    case 'boolean':
      return fc.boolean()
    case 'choice':
      return fc.constantFrom(...descriptor.choices)
    case 'storage':
      return fc.constantFrom('RAM', 'DISK', 'GPU')
    case 'costs':
      return arbitraryCosts(descriptor.storages)
    case 'list':
      return fc.array(ofDescriptors(descriptor.item, sizes), { minLength: descriptor.min ?? 0, maxLength: 4 })
    case 'record':
      return ofDescriptors(descriptor.fields, sizes)
    case 'perStep':
      return arbitraryPerStep(descriptor.min)
    case 'array':
      throw new Error(`the test kit makes no arrays: give the arbitrary of ${name} yourself`)
  }
}

/** Small integers: one for all steps, or a few that repeat. */
function arbitraryPerStep(min: number): fc.Arbitrary<unknown> {
  const value = fc.integer({ min: Math.ceil(min), max: Math.ceil(min) + 6 })
  const repeating = (pattern: readonly number[]) =>
    Object.assign((n: number) => pattern[n % pattern.length]!, {
      [fc.toStringMethod]: () => `(n) => [${pattern.join(', ')}][n % ${pattern.length}]`,
    })
  return fc.oneof(value, fc.array(value, { minLength: 2, maxLength: 4 }).map(repeating))
}

/** Dyadic costs, in which sums are exact: free, cheap and expensive. */
function arbitraryCosts(storages: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  const cost = fc.constantFrom(0, 0.5, 1, 2, 3, 10, 64)
  const transfers = fc.record(Object.fromEntries(storages.map((name) => [name, cost])), { requiredKeys: [] })
  const steps: Record<string, fc.Arbitrary<unknown>> = {
    forwardStep: fc.constantFrom(0.5, 1, 2, 10),
    adjointStep: cost,
  }
  const all = storages.length === 0 ? steps : { ...steps, write: transfers, read: transfers }
  return fc.record(all, { requiredKeys: [] })
}
