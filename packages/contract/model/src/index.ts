export { after, isPromise } from './awaitable.js'
export type { Awaitable } from './awaitable.js'
export type { Codec } from './codec.js'
export { reusingTreeCodec } from './copy-tree-into.js'
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
export { withEncoded } from './encoded.js'
export { independentCopy } from './independent.js'
export { shares } from './memory.js'
export { memoryStore } from './memory-store.js'
export type { ForwardModel, Model } from './model.js'
export type { ObjectClient } from './object-client.js'
export { defineProblem, isProblem } from './problem.js'
export type {
  Axis,
  Field,
  FieldMarks,
  PartRange,
  Problem,
  ProblemDefinition,
  ProblemInstance,
} from './problem.js'
export type { CheckpointKey, OpenStore, Store, StoreSettings } from './store.js'
export { isTypedArray } from './tree.js'
export type { Tree, TypedArray } from './tree.js'
export { checkApart, checkTree } from './tree-check.js'
export { isTreeCodec, measureTree, treeCodec } from './tree-codec.js'
export { valueSizes, workingBytes } from './working-bytes.js'
export type { ValueSizes } from './working-bytes.js'
