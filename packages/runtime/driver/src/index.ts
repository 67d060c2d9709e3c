export {
  defineProblem,
  isProblem,
  memoryStore,
  reusingTreeCodec,
  treeCodec,
  withEncoded,
  workingBytes,
} from '@checkpoint-schedules/model'
export type {
  Awaitable,
  Axis,
  CheckpointKey,
  Codec,
  Field,
  FieldMarks,
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
  PartRange,
  Problem,
  ProblemDefinition,
  ProblemInstance,
  RunIdentity,
  Store,
  StoreSettings,
  Tree,
  TypedArray,
  ValueSizes,
} from '@checkpoint-schedules/model'
export { slotsFor } from './checkpoints/index.js'
export type { Budget, Slots } from './checkpoints/index.js'
export type { ReplayEvent, ReplayOptions, ReplayStatistics } from './replay/index.js'
export { execute, runAdjoint } from './run/index.js'
export type {
  AdjointResult,
  ExecuteOptions,
  ForwardOptions,
  Handlers,
  Progress,
  RunAdjointOptions,
  RunEvent,
  RunStatistics,
  StorageStatistics,
} from './run/index.js'
