/** Sizes such as `--ram 8MB`: the number of checkpoints that fit, in memory after subtracting working storage. */
import type { AnyScheduleFactory, OptionDescriptors, Schedule } from '@checkpoint-schedules/core'
import { treeCodec, type ValueSizes, workingBytes } from '@checkpoint-schedules/driver'
import { replaceSizes } from '../flags/read-values.js'
import type { ByteSize } from '../flags/sizes.js'
import { showBytes } from '../terminal/units.js'
import { usageError } from '../terminal/usage-error.js'
import type { Side } from './model-arguments.js'
import type { Instance } from './prepare.js'

/** A memory limit given as a size. */
export interface MemoryBudget {
  /** As typed, such as `--ram 8MB`. */
  readonly flag: string
  readonly bytes: number
}

/** Concurrent transfers: the default of `runAdjoint`. */
export const BUFFERS = 2

/**
 * The options with numbers of checkpoints in place of sizes.
 *
 * @param make - Makes the schedule; called with one checkpoint for each size, to see whether it uses a disk.
 * @throws `INVALID_OPTION`: a size is too small for a checkpoint; the message says how many bytes are missing.
 */
export async function withinSizes(
  { made, flags, values }: Side<AnyScheduleFactory>,
  model: string,
  steps: number | undefined,
  makeInstance: () => Instance,
  make: (options: Record<string, unknown>) => Schedule,
): Promise<{ options: Record<string, unknown>; memory: MemoryBudget | undefined }> {
  const inMemory = (option: string, record: object) =>
    storageOf(option, record, made.definition.options, values) === 'RAM'
  let isMemoryGiven = false
  let isSizeGiven = false
  const trial = replaceSizes(values, flags, (_size, _flag, option, record) => {
    isSizeGiven = true
    isMemoryGiven ||= inMemory(option, record)
    return 1
  })
  if (!isSizeGiven) return { options: trial, memory: undefined } // making an instance may take long
  const sizes = isMemoryGiven ? await measured(makeInstance()) : { stateBytes: stateBytesOf(makeInstance()) }
  const isOnDisk = isMemoryGiven && usesDisk(() => make(trial), steps)
  const working = workingBytes({ ...sizes, buffers: isOnDisk ? BUFFERS : 0 })
  let memory: MemoryBudget | undefined
  const options = replaceSizes(values, flags, (size, flag, option, record) => {
    const isMemory = inMemory(option, record)
    if (isMemory) memory = { flag: `${flag} ${size.text}`, bytes: size.bytes }
    return slotsIn(size, flag, sizes.stateBytes, isMemory ? working : 0, model)
  })
  return { options, memory }
}

// A schedule that cannot be made with one checkpoint may still use a disk.
function usesDisk(make: () => Schedule, steps: number | undefined): boolean {
  try {
    return Object.keys(make().limits(steps)).some((name) => name !== 'RAM')
  } catch {
    return true
  }
}

function slotsIn(
  { bytes, text }: ByteSize,
  flag: string,
  stateBytes: number,
  working: number,
  model: string,
) {
  const slots = Math.floor((bytes - working) / stateBytes)
  if (slots >= 1) return slots
  const state = `a state of ${model} takes ${stateBytes} B (${showBytes(stateBytes)})`
  const least = working + stateBytes
  const why =
    working === 0
      ? state
      : `${state}, and a run's working storage takes ${working} B (${showBytes(working)}) of memory (two states, a tape, the adjoint, and buffers if there is a disk)`
  throw usageError(
    `${flag} ${text} is too small for a checkpoint: ${why}. Pass at least ${least}B, which is ${least - bytes}B more.`,
  )
}

/** The storage of the checkpoints that an option counts: given by a storage option next to it, or by its own name. */
function storageOf(
  option: string,
  record: object,
  descriptors: OptionDescriptors,
  values: Readonly<Record<string, unknown>>,
): unknown {
  if ('storage' in record && record !== values) return record.storage
  if (/ram$/i.test(option)) return 'RAM'
  if (/disk$/i.test(option)) return 'DISK'
  const [name, storage] = Object.entries(descriptors).find(([, { kind }]) => kind === 'storage') ?? []
  return name === undefined ? undefined : (values[name] ?? (storage as { default?: string }).default)
}

/** The sizes of a state, a tape and an adjoint, from the first step of a separate instance of the model, which the run does not use. */
async function measured(instance: Instance): Promise<ValueSizes> {
  const { model, initialState, terminalAdjoint } = instance
  const { state = treeCodec, tape = treeCodec, adjoint = treeCodec } = model.codecs ?? {}
  const stateBytes = stateBytesOf(instance)
  try {
    const first = await model.tape(await state.clone(initialState), 0)
    const terminal: unknown =
      typeof terminalAdjoint === 'function'
        ? await (terminalAdjoint as (end: unknown, k: number) => unknown)(first.state, 0)
        : terminalAdjoint
    const sizes = {
      stateBytes,
      tapeBytes: tape.byteLength(first.tape),
      adjointBytes: adjoint.byteLength(terminal),
    }
    await state.dispose?.(first.state)
    await tape.dispose?.(first.tape)
    if (terminal !== terminalAdjoint) await adjoint.dispose?.(terminal)
    return sizes
  } catch {
    return { stateBytes } // the run itself will report what is wrong with the model
  }
}

function stateBytesOf({ model, initialState }: Instance): number {
  return (model.codecs?.state ?? treeCodec).byteLength(initialState)
}
