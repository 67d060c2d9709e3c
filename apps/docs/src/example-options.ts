/** Small options for a schedule's picture, from its descriptors alone. */
import type { AnyScheduleFactory, OptionDescriptor, OptionDescriptors } from '@checkpoint-schedules/core'

/** Steps of the pictures: enough to see recomputation, few enough to read each action. */
export const EXAMPLE_STEPS = 10

/** Values for required options, and for every number of checkpoints unless the schedule refuses the optional ones. */
export function exampleOptions(factory: AnyScheduleFactory): Record<string, unknown> {
  const { options } = factory.definition
  const all = valuesFor(options)
  try {
    factory(all)
    return all
  } catch {
    const isOptional = (name: string) => options[name]?.optional === true
    return Object.fromEntries(Object.entries(all).filter(([name]) => !isOptional(name)))
  }
}

function valuesFor(descriptors: OptionDescriptors): Record<string, unknown> {
  const entries = Object.entries(descriptors)
  const counts = entries.filter(([, it]) => it.kind === 'integer' && it.unit === 'checkpoints').length
  const checkpoints = counts > 1 ? 2 : 3
  return Object.fromEntries(
    entries
      .map(([name, it]) => [name, valueFor(name, it, checkpoints)] as const)
      .filter(([, value]) => value !== undefined),
  )
}

function valueFor(name: string, it: OptionDescriptor, checkpoints: number): unknown {
  if (it.kind === 'integer' && name === 'steps') return EXAMPLE_STEPS
  if (it.kind === 'integer' && it.unit === 'checkpoints') return Math.max(it.min, checkpoints)
  if (it.kind === 'costs' || it.optional === true || 'default' in it) return undefined
  if (it.kind === 'integer') return Math.max(it.min, 4)
  if (it.kind === 'number' && it.unit === 'bytes') return Math.max(it.min ?? 0, checkpoints)
  if (it.kind === 'perStep') return Math.max(it.min, 1)
  if (it.kind === 'record') return valuesFor(it.fields)
  if (it.kind === 'list') return Array.from({ length: Math.max(it.min ?? 1, 1) }, () => valuesFor(it.item))
  return undefined
}
