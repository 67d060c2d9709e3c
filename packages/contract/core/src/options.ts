/**
 * Option descriptors: options as data. Error messages, the command line's flags, the forms and tables of
 * the documentation and the generators of the test kit are all made from them.
 */
import type { CostModelFor, CostModelInput } from './costs.js'
import type { CheckpointStorage } from './storage-type.js'

/** What every descriptor may say besides its kind. */
export interface OptionSettings {
  /** One line: meaning and unit. */
  readonly help: string
  /** Whether the option may be left out without having a default. */
  readonly optional?: true
  /** A second, shorter flag for the command line, without dashes. */
  readonly short?: string
}

/** An integer from `min` to `max` (by default 2^53-1). */
export interface IntegerOption extends OptionSettings {
  readonly kind: 'integer'
  readonly min: number
  readonly max?: number
  readonly default?: number
  /** `'checkpoints'`: a number of states, for which a command line also accepts a size in bytes. */
  readonly unit?: 'checkpoints'
}

/** A finite number from `min` to `max`. */
export interface NumberOption extends OptionSettings {
  readonly kind: 'number'
  readonly min?: number
  readonly max?: number
  /** Excludes `min` itself. */
  readonly aboveMin?: true
  /** Also accepts `null`, which is no limit. */
  readonly unlimited?: true
  /** `'bytes'`: a size, which a command line also accepts as `24MiB`. */
  readonly unit?: 'bytes'
  readonly default?: number | null
}

/** True or false. */
export interface BooleanOption extends OptionSettings {
  readonly kind: 'boolean'
  readonly default?: boolean
}

/** One of several words. */
export interface ChoiceOption extends OptionSettings {
  readonly kind: 'choice'
  readonly choices: readonly string[]
  readonly default?: string
}

/** The name of a checkpoint storage. */
export interface StorageOption extends OptionSettings {
  readonly kind: 'storage'
  readonly default?: CheckpointStorage
}

/** A cost model; what is left out has the default of `defaultCosts`. Transfers only for `storages`. */
export interface CostsOption extends OptionSettings {
  readonly kind: 'costs'
  readonly storages: readonly string[]
}

/** A list of records with options of their own. */
export interface ListOption extends OptionSettings {
  readonly kind: 'list'
  readonly item: OptionDescriptors
  readonly min?: number
}

/** A record with options of its own. */
export interface RecordOption extends OptionSettings {
  readonly kind: 'record'
  readonly fields: OptionDescriptors
}

/**
 * A number for each step of the option `steps`, which is declared before it with a maximum. Checked values are a number, if it is the
 * same for all steps, or a frozen array.
 */
export interface PerStepOption extends OptionSettings {
  readonly kind: 'perStep'
  readonly min: number
  /** Whether the end, where the last step leads, has a number too: then there are `steps` + 1. */
  readonly atEnd?: true
}

/** What a caller may pass for a number by step: one for all steps, an array, or a function of the step. */
export type PerStepInput = number | ArrayLike<number> | ((n: number) => number)

/** A checked number by step. */
export type PerStep = number | readonly number[]

/** An array of floating-point numbers with a shape, in C order; a file on a command line. */
export interface ArrayOption extends OptionSettings {
  readonly kind: 'array'
  /** The names of its dimensions, for messages. */
  readonly dimensions: readonly string[]
}

/** The value of an array option. */
export interface NumericArray {
  readonly data: Float64Array | Float32Array
  readonly shape: readonly number[]
}

/** Any description of an option, distinguished by `kind`. */
export type OptionDescriptor =
  | IntegerOption
  | NumberOption
  | BooleanOption
  | ChoiceOption
  | StorageOption
  | CostsOption
  | ListOption
  | RecordOption
  | PerStepOption
  | ArrayOption

/** The options of a schedule or of a problem, by name. */
export type OptionDescriptors = Readonly<Record<string, OptionDescriptor>>

type ValueOf<D> = D extends { kind: 'integer' | 'number' }
  ? D extends { unlimited: true }
    ? number | null
    : number
  : D extends { kind: 'boolean' }
    ? boolean
    : D extends { kind: 'choice'; choices: readonly (infer C)[] }
      ? C
      : D extends { kind: 'storage' }
        ? CheckpointStorage
        : D extends { kind: 'costs'; storages: readonly (infer Priced extends string)[] }
          ? CostModelFor<Priced>
          : D extends { kind: 'list'; item: infer I extends OptionDescriptors }
            ? readonly OptionValues<I>[]
            : D extends { kind: 'record'; fields: infer I extends OptionDescriptors }
              ? OptionValues<I>
              : D extends { kind: 'perStep' }
                ? PerStep
                : D extends { kind: 'array' }
                  ? NumericArray
                  : never

type InputOf<D> = D extends { kind: 'costs' }
  ? CostModelInput
  : D extends { kind: 'list'; item: infer I extends OptionDescriptors }
    ? readonly OptionInput<I>[]
    : D extends { kind: 'record'; fields: infer I extends OptionDescriptors }
      ? OptionInput<I>
      : D extends { kind: 'perStep' }
        ? PerStepInput
        : ValueOf<D>

// One object type in place of an intersection; with `& {}` an editor shows it, not this alias.
type Flat<T> = { [K in keyof T]: T[K] } & {}

type MayBeLeftOut<D> = D extends { default: unknown } | { optional: true } | { kind: 'costs' } ? true : false

type MayStayAbsent<D> = D extends { optional: true } ? true : false

/** What a caller passes for these descriptors. */
export type OptionInput<Ds extends OptionDescriptors> = Flat<
  {
    readonly [K in keyof Ds as MayBeLeftOut<Ds[K]> extends true ? never : K]: InputOf<Ds[K]>
  } & {
    readonly [K in keyof Ds as MayBeLeftOut<Ds[K]> extends true ? K : never]?: InputOf<Ds[K]> | undefined
  }
>

/** The checked options, defaults filled in. */
export type OptionValues<Ds extends OptionDescriptors> = Flat<
  {
    readonly [K in keyof Ds as MayStayAbsent<Ds[K]> extends true ? never : K]: ValueOf<Ds[K]>
  } & {
    readonly [K in keyof Ds as MayStayAbsent<Ds[K]> extends true ? K : never]?: ValueOf<Ds[K]>
  }
>

type Settings<D> = Omit<D, 'kind'>

/**
 * An integer option.
 *
 * @example
 * ```ts
 * import { integer } from '@checkpoint-schedules/core'
 *
 * integer({ min: 1, help: 'time steps of the forward' }).min // 1
 * ```
 */
export function integer<const S extends Settings<IntegerOption>>(settings: S): { kind: 'integer' } & S {
  return { kind: 'integer', ...settings }
}

/**
 * A finite-number option.
 *
 * @example
 * ```ts
 * import { number } from '@checkpoint-schedules/core'
 *
 * number({ min: 0, help: 'a weight' }).min // 0
 * ```
 */
export function number<const S extends Settings<NumberOption>>(settings: S): { kind: 'number' } & S {
  return { kind: 'number', ...settings }
}

/**
 * A boolean option.
 *
 * @example
 * ```ts
 * import { boolean } from '@checkpoint-schedules/core'
 *
 * boolean({ default: false, help: 'free data as it is read' }).default // false
 * ```
 */
export function boolean<const S extends Settings<BooleanOption>>(settings: S): { kind: 'boolean' } & S {
  return { kind: 'boolean', ...settings }
}

/**
 * An option that is one of several words.
 *
 * @example
 * ```ts
 * import { choice } from '@checkpoint-schedules/core'
 *
 * choice({ choices: ['maximum', 'revolve'], default: 'maximum', help: 'the order' }).choices // [ 'maximum', 'revolve' ]
 * ```
 */
export function choice<const S extends Settings<ChoiceOption>>(settings: S): { kind: 'choice' } & S {
  return { kind: 'choice', ...settings }
}

/**
 * An option that names a checkpoint storage.
 *
 * @example
 * ```ts
 * import { storageName } from '@checkpoint-schedules/core'
 *
 * storageName({ default: 'DISK', help: 'where checkpoints live' }).default // 'DISK'
 * ```
 */
export function storageName<const S extends Settings<StorageOption>>(settings: S): { kind: 'storage' } & S {
  return { kind: 'storage', ...settings }
}

/**
 * A cost-model option.
 *
 * @example
 * ```ts
 * import { costs } from '@checkpoint-schedules/core'
 *
 * costs({ storages: ['DISK'], help: 'what steps and transfers cost' }).storages // [ 'DISK' ]
 * ```
 */
export function costs<const S extends Settings<CostsOption>>(settings: S): { kind: 'costs' } & S {
  return { kind: 'costs', ...settings }
}

/**
 * A list-of-records option.
 *
 * @example
 * ```ts
 * import { integer, list } from '@checkpoint-schedules/core'
 *
 * list({ item: { slots: integer({ min: 0, help: 'slots' }) }, min: 1, help: 'levels' }).kind // 'list'
 * ```
 */
export function list<const S extends Settings<ListOption>>(settings: S): { kind: 'list' } & S {
  return { kind: 'list', ...settings }
}

/**
 * An option that is a record with options of its own.
 *
 * @example
 * ```ts
 * import { number, record } from '@checkpoint-schedules/core'
 *
 * record({ fields: { latency: number({ min: 0, help: 'seconds' }) }, help: 'a disk' }).kind // 'record'
 * ```
 */
export function record<const S extends Settings<RecordOption>>(settings: S): { kind: 'record' } & S {
  return { kind: 'record', ...settings }
}

/**
 * An option that is a number for each step: one for all, an array, or a function, which is called twice for each step and must return
 * the same number again.
 *
 * @example
 * ```ts
 * import { checkOptions, integer, perStep } from '@checkpoint-schedules/core'
 *
 * const options = {
 *   steps: integer({ min: 1, max: 1000, help: 'time steps' }),
 *   stateBytes: perStep({ min: 0, help: 'size of a state' }),
 * }
 * checkOptions('mine', options, { steps: 3, stateBytes: (n: number) => 8 * n }).stateBytes // [ 0, 8, 16 ]
 * ```
 */
export function perStep<const S extends Settings<PerStepOption>>(settings: S): { kind: 'perStep' } & S {
  return { kind: 'perStep', ...settings }
}

/**
 * An option that is an array of numbers.
 *
 * @example
 * ```ts
 * import { array } from '@checkpoint-schedules/core'
 *
 * array({ dimensions: ['depth', 'distance'], help: 'velocity' }).kind // 'array'
 * ```
 */
export function array<const S extends Settings<ArrayOption>>(settings: S): { kind: 'array' } & S {
  return { kind: 'array', ...settings }
}
