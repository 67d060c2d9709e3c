/** A small example of a schedule, from its descriptors alone, in which it does what it is for. */
import type {
  AnyScheduleFactory,
  OptionDescriptor,
  OptionDescriptors,
  Schedule,
} from '@checkpoint-schedules/core'
import { record } from '@checkpoint-schedules/space-time'

/** Options for a factory, and the number of steps for a schedule that need not know it. */
export interface Example {
  readonly steps: number
  readonly options: Readonly<Record<string, unknown>>
}

/** Few steps, so that each action can be read; more where a schedule does not use all of its storages before. */
const FEW = [10, 20, 30, 40, 60]

/** The fewest of a few steps in which the schedule uses every storage that it has. */
export function exampleOf(factory: AnyScheduleFactory): Example {
  const examples = FEW.map((steps): Example => ({ steps, options: optionsFor(factory, steps) }))
  const found = examples.find(({ steps, options }) => usesEverything(factory(options), steps))
  return found ?? examples[0]!
}

function usesEverything(schedule: Schedule, steps: number): boolean {
  const { storages } = record(schedule, { steps })
  return Object.keys(schedule.manifest.limits).every((name) => storages.includes(name))
}

/** Values for required options, and for every number of checkpoints unless the schedule refuses the optional ones. */
function optionsFor(factory: AnyScheduleFactory, steps: number): Record<string, unknown> {
  const { options } = factory.definition
  const all = valuesFor(options, steps)
  try {
    factory(all)
    return all
  } catch {
    const isOptional = (name: string) => options[name]?.optional === true
    return Object.fromEntries(Object.entries(all).filter(([name]) => !isOptional(name)))
  }
}

function valuesFor(descriptors: OptionDescriptors, steps: number): Record<string, unknown> {
  const entries = Object.entries(descriptors)
  const counts = entries.filter(([, it]) => it.kind === 'integer' && it.unit === 'checkpoints').length
  const checkpoints = counts > 1 ? 2 : 3
  const valueFor = (name: string, it: OptionDescriptor): unknown => {
    if (it.kind === 'integer' && name === 'steps') return steps
    if (it.kind === 'integer' && it.unit === 'checkpoints') return Math.max(it.min, checkpoints)
    if (it.kind === 'costs' || it.optional === true || 'default' in it) return undefined
    if (it.kind === 'integer') return Math.max(it.min, 4)
    if (it.kind === 'number' && it.unit === 'bytes') return Math.max(it.min ?? 0, checkpoints)
    if (it.kind === 'perStep') return Math.max(it.min, 1)
    if (it.kind === 'record') return valuesFor(it.fields, steps)
    if (it.kind === 'list')
      return Array.from({ length: Math.max(it.min ?? 1, 1) }, () => valuesFor(it.item, steps))
    return undefined
  }
  return Object.fromEntries(
    entries
      .map(([name, it]) => [name, valueFor(name, it)] as const)
      .filter(([, value]) => value !== undefined),
  )
}
