export type { Codec } from './codec.js'
export { dotProductTest } from './dot-product-test.js'
export type { DotProductOptions, DotProductResult } from './dot-product-test.js'
export { withEncoded } from './encoded.js'
export { execute } from './execute.js'
export type { ExecuteOptions, Handlers } from './execute.js'
export { innerProduct } from './inner-product.js'
export type {
  FoundPoint,
  HeldCheckpoint,
  Journal,
  JournalEvent,
  JournalPoint,
  JournalSettings,
  JournalStatistics,
  OpenJournal,
  Position,
  RunIdentity,
} from './journal.js'
export { memoryStore } from './memory-store.js'
export type { Awaitable } from './awaitable.js'
export type { Model } from './model.js'
export { defineProblem, isProblem } from './problem.js'
export type { Axis, Field, Problem, ProblemDefinition, ProblemInstance } from './problem.js'
export type { Progress } from './progress.js'
export type { ReplayOptions, ReplayStatistics } from './replay-check.js'
export { runAdjoint } from './run-adjoint.js'
export type { AdjointResult, RunAdjointOptions } from './run-options.js'
export { slotsFor } from './slots-for.js'
export type { Budget } from './slots-for.js'
export type { RunStatistics, StorageStatistics } from './statistics.js'
export type { CheckpointKey, OpenStore, Store, StoreSettings } from './store.js'
export { taylorTest } from './taylor-test.js'
export type { TaylorOptions, TaylorResult, ValueAndGradient } from './taylor-test.js'
export { treeCodec } from './tree-codec.js'
export type { Tree, TypedArray } from './tree.js'
