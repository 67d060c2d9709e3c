/** Options with which each family is tried; a new family is asked for here by name. */
import { threeLevels } from './three-levels.js'

export function optionsOf(steps: number): Record<string, Record<string, unknown>[]> {
  return {
    singleMemory: [{}],
    singleDisk: [{}, { moveData: true }],
    multistage: [
      { steps, snapshotsInRam: 1 },
      { steps, snapshotsInRam: 2, snapshotsOnDisk: 4, trajectory: 'revolve' },
    ],
    twoLevel: [
      { period: 7, binomialSnapshots: 0 },
      { period: 13, binomialSnapshots: 3, binomialStorage: 'RAM' },
    ],
    online: [{ snapshots: 1 }, { snapshots: 4 }],
    revolve: [{ steps, snapshotsInRam: 5 }],
    diskRevolve: [
      { steps, snapshotsInRam: 2 },
      { steps, snapshotsInRam: 1, diskReads: 'many' },
    ],
    periodicDiskRevolve: [{ steps, snapshotsInRam: 2 }],
    hRevolve: [
      { steps, snapshotsInRam: 2, snapshotsOnDisk: 3 },
      { steps, snapshotsInRam: 2, snapshotsOnDisk: 3, plan: 'tree' },
      { steps, levels: threeLevels },
    ],
    // More bytes than the states and tapes of any model here.
    heterogeneous: [
      { steps, forwardCost: 1, adjointCost: 1, stateBytes: 2e6, tapeBytes: 1e6, ramBytes: 9e6 },
      {
        steps,
        forwardCost: (n: number) => 1 + (n % 3),
        adjointCost: 2,
        stateBytes: (n: number) => 1e6 * (1 + (n % 2)),
        tapeBytes: 3e6,
        ramBytes: 3e6,
        disk: { bytes: 6e6, writeLatency: 1, readLatency: 1 },
      },
    ],
    mixed: [
      { steps, snapshots: 4 },
      { steps, snapshots: 20, storage: 'RAM' },
    ],
  }
}
