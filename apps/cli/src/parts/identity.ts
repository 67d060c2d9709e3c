/**
 * Which sum a part belongs to. Only parts with the same identity may be added: the same model, options, input files and number of parts.
 * The schedule is not part of it, as it does not change a gradient's bits.
 */
import { createHash } from 'node:crypto'
import { checkOptions, type OptionDescriptors } from '@checkpoint-schedules/core'
import type { ModelArguments } from '../run/model-arguments.js'
import { attempt, type Inputs } from '../run/prepare.js'
import { usageError } from '../terminal/usage-error.js'
import { version } from '../version.js'

/** Plain JSON. */
export interface SumIdentity {
  readonly model: string
  /** With a digest in place of each array. */
  readonly options: Readonly<Record<string, unknown>>
  /** Digests of input files and of the user's module. */
  readonly inputs: readonly string[]
  /** `--steps`, if the model has no such option. */
  readonly steps: number | null
  /** The number of parts in all. */
  readonly parts: number
}

/** What computed a part. In other versions the last digits may differ. */
export interface Maker {
  readonly program: string
  readonly node: string
}

/** This program. */
export function thisMaker(): Maker {
  return { program: version(), node: process.versions.node.split('.')[0]! }
}

export function showMaker({ program, node }: Maker): string {
  return `checkpoint-schedules ${program} on Node ${node}`
}

/** The identity of the sum that these arguments compute. @throws `INVALID_OPTION` */
export function identityOf({ problem, steps }: ModelArguments, { options, digests }: Inputs): SumIdentity {
  const { definition } = problem.made
  const descriptors = definition.options as OptionDescriptors
  const checked = attempt(problem, () => checkOptions(definition.name, descriptors, options))
  return {
    model: definition.name,
    options: Object.fromEntries(
      Object.entries(checked).filter(
        ([name, value]) => value !== undefined && descriptors[name]?.kind !== 'array',
      ),
    ),
    inputs: digests,
    steps: 'steps' in descriptors ? null : (steps ?? null),
    parts: partsOf(problem, options),
  }
}

function partsOf(problem: ModelArguments['problem'], options: Inputs['options']): number {
  // An older copy of the package would ignore a range, and each part would be the whole.
  if (typeof problem.made.parts !== 'function') {
    if (problem.made.definition.parts === undefined) return 1
    throw usageError(
      `${problem.name} has parts, but was made with a version of @checkpoint-schedules/model that knows none; update that package.`,
    )
  }
  return attempt(problem, () => problem.made.parts(options))
}

/** A digest of the identity. */
export function fingerprintOf(identity: SumIdentity): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex')
}

/** The first difference, as `steps was 400 and is 300`. */
export function differenceOf(before: SumIdentity, now: SumIdentity): string | undefined {
  const was = flat(before)
  const is = flat(now)
  for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
    if (was[name] !== is[name]) return `${name} was ${shown(was[name])} and is ${shown(is[name])}`
  }
  return undefined
}

/** A digest needs no more than its beginning. */
function shown(value = 'not given'): string {
  return /^[0-9a-f]{64}$/.test(value) ? `${value.slice(0, 12)}…` : value
}

function flat({ model, options, inputs, steps, parts }: SumIdentity): Readonly<Record<string, string>> {
  const files = inputs.map((input) => [input.split(' ')[0]!, input.split(' ').slice(1).join(' ')])
  const named = { model, steps, 'number of parts': parts, ...options, ...Object.fromEntries(files) }
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) =>
      value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
    ),
  )
}
