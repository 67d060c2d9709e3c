/**
 * A run, from `runAdjoint` to its result. `run-adjoint` checks what it is given, opens stores and journal, and releases everything;
 * `adjoint-run` takes one action after the other from the `course`, which owns the position, and carries it out: steps by the
 * `forward-stepper`, under the eyes of the `model-guard`, with values in the `workspace` and time on the `run-clock`.
 */
export { execute } from './execute.js'
export type { ExecuteOptions, Handlers } from './execute.js'
export type { Progress } from './progress.js'
export { runAdjoint } from './run-adjoint.js'
export type { AdjointResult, ForwardOptions, RunAdjointOptions, RunEvent } from './run-options.js'
export type { RunStatistics, StorageStatistics } from './statistics.js'
