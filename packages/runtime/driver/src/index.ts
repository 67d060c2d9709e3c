export { defineProblem, isProblem, memoryStore, treeCodec, withEncoded } from '@checkpoint-schedules/model'
export type {
  Awaitable,
  Axis,
  CheckpointKey,
  Codec,
  Field,
  ForwardModel,
  FoundPoint,
  HeldCheckpoint,
  Journal,
  JournalEvent,
  JournalPoint,
  JournalSettings,
  JournalStatistics,
  Model,
  OpenJournal,
  OpenStore,
  Position,
  Problem,
  ProblemDefinition,
  ProblemInstance,
  RunIdentity,
  Store,
  StoreSettings,
  Tree,
  TypedArray,
} from '@checkpoint-schedules/model'
export { slotsFor } from './checkpoints/slots-for.js'
export type { Budget, Slots } from './checkpoints/slots-for.js'
export { workingBytes } from './checkpoints/working-bytes.js'
export type { ValueSizes } from './checkpoints/working-bytes.js'
export type { ReplayEvent, ReplayOptions, ReplayStatistics } from './replay/replay-check.js'
export { execute } from './run/execute.js'
export type { ExecuteOptions, Handlers } from './run/execute.js'
export type { Progress } from './run/progress.js'
export { runAdjoint } from './run/run-adjoint.js'
export type { AdjointResult, ForwardOptions, RunAdjointOptions, RunEvent } from './run/run-options.js'
export type { RunStatistics, StorageStatistics } from './run/statistics.js'
