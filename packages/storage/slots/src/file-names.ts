/** The names of the files that hold checkpoints and values: made from numbers, never from content. */

/** The slots of the storage with this number. */
export const slotsName = (storage: number) => `storage-${storage}.slots`

/** A checkpoint that outgrew its slot. */
export const overflowName = (storage: number, count: number) => `storage-${storage}-${count}.overflow`

/** A value that a durable point needs. */
export const valueName = (count: number) => `value-${count}.bin`

/** The number of the storage that a file belongs to. */
export function storageOf(name: string): number | undefined {
  const number = /^storage-(\d+)[.-]/.exec(name)?.[1]
  return number === undefined ? undefined : Number(number)
}

/**
 * Whether a file of this name holds a value, or the checkpoints of a storage.
 *
 * @example
 * ```ts
 * import { isDataName } from '@checkpoint-schedules/storage-slots'
 *
 * isDataName('storage-0.slots') // true
 * isDataName('thesis.tex') // false
 * ```
 */
export function isDataName(name: string): boolean {
  return /^(?:storage-\d+\.slots|storage-\d+-\d+\.overflow|value-\d+\.bin)$/.test(name)
}
