/** The names of our files in a run's directory: made from numbers, never from content, and distinct from all others. */
import { isDataName } from '@checkpoint-schedules/storage-slots'

/** The file that makes a directory ours and names its process. */
export const MARKER = 'checkpoint-schedules.run'

/** The journal of a run that can be resumed, and its replacement while it is being written. */
export const LOG = 'journal.log'
export const NEW_LOG = 'journal.log.new'

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
  return isDataName(name) || name === LOG || name === NEW_LOG
}
