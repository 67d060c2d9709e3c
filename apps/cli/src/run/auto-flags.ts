/** `--schedule auto`: its flags. */
import { integer } from '@checkpoint-schedules/core'
import { isByteSize, sizeForms } from '../flags/sizes.js'
import { usageError } from '../terminal/usage-error.js'
import type { MemoryBudget } from './memory-budget.js'

/** The name that stands for whichever schedule is best. */
export const AUTO = 'auto'

/** The flags of `auto`, as options; the values are sizes. */
export const autoOptions = {
  ram: integer({ min: 1, unit: 'checkpoints', help: 'memory for the run, such as 4GiB' }),
  disk: integer({
    min: 1,
    unit: 'checkpoints',
    optional: true,
    help: 'space for checkpoints on disk, such as 100GB (default: none)',
  }),
} as const

/** Bytes as typed. */
export interface AutoBudget {
  readonly ram: MemoryBudget
  readonly disk: MemoryBudget | undefined
}

/** The budget in the flags. @throws `INVALID_OPTION` */
export function autoBudget({ ram, disk }: Readonly<Record<string, unknown>>): AutoBudget {
  if (ram === undefined)
    throw usageError('--schedule auto needs --ram, the memory that the run may take: --ram 4GiB.')
  return { ram: sizeOf('--ram', ram), disk: disk === undefined ? undefined : sizeOf('--disk', disk) }
}

function sizeOf(flag: string, value: unknown): MemoryBudget {
  if (isByteSize(value) && value.bytes > 0) return { flag: `${flag} ${value.text}`, bytes: value.bytes }
  throw usageError(
    `with --schedule auto, ${flag} must be ${sizeForms}; got ${isByteSize(value) ? value.text : String(value)}. A number of checkpoints needs a schedule by name.`,
  )
}
