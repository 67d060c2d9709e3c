/** The names of our files in a run's directory: made from numbers, never from content, and told from everybody else's. */

/** The file that makes a directory ours: who runs there. */
export const MARKER = 'checkpoint-schedules.run'

/** The slots of the storage with this number. */
export const slotsName = (storage: number) => `storage-${storage}.slots`

/** A checkpoint that outgrew its slot. */
export const overflowName = (storage: number, count: number) => `storage-${storage}-${count}.overflow`

/** The name that a dead run's marker has while its directory is taken over. */
export const staleMarkerName = (pid: number) => `${MARKER}.${pid}`

/** Whether a file of this name is ours: nothing else is ever deleted. */
export function isOwnName(name: string): boolean {
  return /^(?:storage-\d+\.slots|storage-\d+-\d+\.overflow|checkpoint-schedules\.run(?:\.\d+)?)$/.test(name)
}
