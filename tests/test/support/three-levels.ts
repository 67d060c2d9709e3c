/** Memory, a disk, and something slower. */
export const threeLevels = [
  { storage: 'RAM', slots: 1, writeCost: 0, readCost: 0 },
  { storage: 'DISK', slots: 2, writeCost: 1, readCost: 1 },
  { storage: 'GPU', slots: 2, writeCost: 3, readCost: 3 },
]
