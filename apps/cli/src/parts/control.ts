/** `--control`: where the gradient is taken. It belongs to the identity of a sum, as input files do. */
import { createHash } from 'node:crypto'
import { treeCodec } from '@checkpoint-schedules/driver'
import { Option } from 'commander'
import { fileError } from '../files/file-error.js'
import { readNpy } from '../files/npy.js'
import type { ModelArguments } from '../run/model-arguments.js'
import { attempt, type Inputs } from '../run/prepare.js'
import { usageError } from '../terminal/usage-error.js'

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

/** A control as bytes, and back. */
export const encoded = (control: unknown) => treeCodec.encode(control) as Uint8Array
export const decoded = (bytes: Uint8Array) => treeCodec.decode(bytes)

/** A control like the one to come; a part suffices, as it is the same for all. */
function ownControl({ problem }: ModelArguments, { options }: Inputs): Float64Array | Float32Array | number {
  const range = problem.made.definition.parts === undefined ? undefined : { first: 0, count: 1 }
  const { control } = attempt(problem, () => problem.made(options, undefined, range))
  if (control instanceof Float64Array || control instanceof Float32Array || typeof control === 'number')
    return control
  throw usageError(
    `--control is for models whose control is one array of numbers; that of ${problem.name} is something else, so set it by the model's own flags.`,
  )
}

const lengthOf = (control: Float64Array | Float32Array | number) =>
  typeof control === 'number' ? 1 : control.length
