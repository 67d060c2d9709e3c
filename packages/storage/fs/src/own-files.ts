/** The names of our files in a run's directory: made from numbers, never from content, and distinct from all others. */

/** The file that makes a directory ours and names its process. */
export const MARKER = 'checkpoint-schedules.run'

/** The slots of the storage with this number. */
export const slotsName = (storage: number) => `storage-${storage}.slots`

/** A checkpoint that outgrew its slot. */
export const overflowName = (storage: number, count: number) => `storage-${storage}-${count}.overflow`

/** The journal of a run that can be resumed, and its replacement while it is being written. */
export const LOG = 'journal.log'
export const NEW_LOG = 'journal.log.new'

/** A value that a durable point needs. */
export const valueName = (count: number) => `value-${count}.bin`

/** The sign of life of a journal's owner. */
export const leaseName = (owner: number) => `checkpoint-schedules.lease.${owner}`

/** The name of a marker before it is moved into place, and of another owner's while its directory is taken over. */
export const staleMarkerName = (owner: number) => `${MARKER}.${owner}`

/** Whether a file of this name is ours: nothing else is ever deleted. */
export function isOwnName(name: string): boolean {
  return isMarkerName(name) || isLeaseName(name) || isJournalName(name)
}

/** Whether it is the sign of life of an owner. */
export function isLeaseName(name: string): boolean {
  return /^checkpoint-schedules\.lease\.\d+$/.test(name)
}

/** The number of the storage that a file belongs to. */
export function storageOf(name: string): number | undefined {
  const number = /^storage-(\d+)[.-]/.exec(name)?.[1]
  return number === undefined ? undefined : Number(number)
}

/** Whether it is the marker, or one that is being written or was set aside. */
export function isMarkerName(name: string): boolean {
  return /^checkpoint-schedules\.run(?:\.\d+){0,2}$/.test(name)
}

/** Whether it is a marker that was set aside. */
export function isStaleMarkerName(name: string): boolean {
  return /^checkpoint-schedules\.run\.\d+$/.test(name)
}

/** Whether it is the log, a value, or the checkpoints of a storage. */
export function isJournalName(name: string): boolean {
  return /^(?:storage-\d+\.slots|storage-\d+-\d+\.overflow|value-\d+\.bin|journal\.log(?:\.new)?)$/.test(name)
}
