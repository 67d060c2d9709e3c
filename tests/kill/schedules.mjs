// The schedules of runs that are killed: in memory, on disk, both, and with an end that is not known from the start.
import { singleDisk, singleMemory } from '@checkpoint-schedules/basic'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { online } from '@checkpoint-schedules/online'
import { hRevolve } from '@checkpoint-schedules/revolve'

export const steps = 120

export const schedules = {
  multistage: () => multistage({ steps, snapshotsInRam: 2, snapshotsOnDisk: 5 }),
  'in memory': () => multistage({ steps, snapshotsInRam: 6 }),
  hRevolve: () => hRevolve({ steps, snapshotsInRam: 2, snapshotsOnDisk: 6 }),
  twoLevel: () => twoLevel({ period: 20, binomialSnapshots: 3 }),
  online: () => online({ snapshots: 6 }),
  singleDisk: () => singleDisk({ moveData: true }),
  singleMemory: () => singleMemory(),
}
