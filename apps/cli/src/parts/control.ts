/** `--control`: where the gradient is taken. It belongs to the identity of a sum, as input files do. */
import { createHash } from 'node:crypto'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { treeCodec } from '@checkpoint-schedules/driver'
import { Option } from 'commander'
import { fileError } from '../files/file-error.js'
import { readNpy } from '../files/npy.js'
import type { ModelArguments } from '../run/model-arguments.js'
import { attempt, type Inputs } from '../run/prepare.js'
import { usageError } from '../terminal/usage-error.js'

/** A control that fits into one file. */
type Control = Float64Array | Float32Array | number

export const controlOption = new Option(
  '--control <file.npy>',
  "where to take the gradient (NumPy file), instead of at the model's own control",
)

/** The inputs with the control in this file, if one is named. @throws `INVALID_FILE`, `INVALID_OPTION` */
export async function atControl(
  args: ModelArguments,
  inputs: Inputs,
  path: string | undefined,
): Promise<Inputs> {
  if (path === undefined) return inputs
  const own = ownControl(args, inputs)
  const { data } = await readNpy(path)
  if (data.length !== lengthOf(own))
    throw fileError(
      path,
      `expected ${lengthOf(own)} values, as the control of ${args.problem.name} has; got ${data.length}`,
    )
  if (own instanceof Float32Array && data instanceof Float64Array)
    throw fileError(
      path,
      `expected float32, as the control of ${args.problem.name} is; float64 would be rounded`,
    )
  const control =
    typeof own === 'number' ? data[0]! : own instanceof Float64Array ? Float64Array.from(data) : data
  return withControl(inputs, control)
}

/** The inputs with this control. */
export function withControl(inputs: Inputs, control: unknown): Inputs {
  const digest = createHash('sha256').update(encoded(control)).digest('hex')
  return { ...inputs, control, digests: [...inputs.digests, controlDigest(digest)] }
}

/** What a control adds to the inputs of a sum's identity. */
export const controlDigest = (sha256: string) => `control ${sha256}`

/** A control as bytes. */
export const encoded = (control: unknown) => treeCodec.encode(control) as Uint8Array

/** The control in foreign bytes; the model checks its length. @throws `INVALID_FILE` */
export function decoded(bytes: Uint8Array): Control {
  const control: unknown = treeCodec.decode(bytes)
  if (isControl(control)) return control
  throw new CheckpointScheduleError('INVALID_FILE', 'the control of the run is not one array of numbers.')
}

/** A control like the one to come; a part suffices, as it is the same for all. */
function ownControl({ problem }: ModelArguments, { options }: Inputs): Control {
  const range = problem.made.definition.parts === undefined ? undefined : { first: 0, count: 1 }
  const { control } = attempt(problem, () => problem.made(options, undefined, range))
  if (isControl(control)) return control
  throw usageError(
    `--control is for models whose control is one array of numbers; that of ${problem.name} is something else, so set it by the model's own flags.`,
  )
}

function isControl(value: unknown): value is Control {
  return value instanceof Float64Array || value instanceof Float32Array || typeof value === 'number'
}

const lengthOf = (control: Control) => (typeof control === 'number' ? 1 : control.length)
