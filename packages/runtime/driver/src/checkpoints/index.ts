/**
 * What is stored. `checkpoints` knows each opened store and counts bytes and time; `transfers` overlaps slow stores with computation, by
 * looking ahead in the schedule and waiting no longer than an abort permits (`patience`). `slots-for` says how many
 * checkpoints fit into a budget.
 */
export { slotsFor } from './slots-for.js'
export type { Budget, Slots } from './slots-for.js'
