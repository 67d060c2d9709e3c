export {
  advance,
  advanceOnly,
  copy,
  copyTape,
  discard,
  endForward,
  endReverse,
  keepAll,
  move,
  moveTape,
  reverse,
  reverseAll,
  store,
  storeTape,
  tape,
  UNBOUNDED,
} from './actions.js'
export type {
  Action,
  CopyAction,
  DiscardAction,
  EndForwardAction,
  EndReverseAction,
  ForwardAction,
  MoveAction,
  ReverseAction,
} from './actions.js'
export { checkAction, formatAction, parseAction, parseActions } from './action-text.js'
export type { CheckpointKind, Dialect, ParseSettings } from './action-text.js'
export { accepted, checkOptions } from './check-options.js'
export { defaultCosts, stepsTime, transferPrices } from './costs.js'
export type { CostModel, CostModelFor, CostModelInput, PredictionCosts } from './costs.js'
export { defineSchedule, isSchedule, isScheduleFactory } from './define-schedule.js'
export type { AnyScheduleFactory, ScheduleFactory } from './define-schedule.js'
export { schedulesIn } from './discovery.js'
export type { DiscoveredSchedule } from './discovery.js'
export { CheckpointScheduleError, isCheckpointScheduleError, messageOf, optionError, show } from './errors.js'
export type { ErrorCode } from './errors.js'
export { macrotask } from './macrotask.js'
export { didYouMean, nearestName, toKebabCase } from './names.js'
export {
  array,
  boolean,
  choice,
  costs,
  integer,
  list,
  number,
  perStep,
  record,
  storageName,
} from './options.js'
export type { PrepareOptions } from './planning.js'
export type {
  ArrayOption,
  BooleanOption,
  ChoiceOption,
  CostsOption,
  IntegerOption,
  ListOption,
  NumberOption,
  NumericArray,
  OptionDescriptor,
  OptionDescriptors,
  OptionInput,
  OptionSettings,
  OptionValues,
  PerStep,
  PerStepInput,
  PerStepOption,
  RecordOption,
  StorageOption,
} from './options.js'
export { atOnce } from './pieces.js'
export type { Pieces } from './pieces.js'
export type { RunView } from './run.js'
export type {
  ActionsContext,
  Budget,
  ByteBudget,
  Limits,
  OptimumContext,
  OptionRange,
  ScheduleContext,
  ScheduleDefinition,
} from './schedule-definition.js'
export type {
  ActionPrice,
  ByteLimits,
  Manifest,
  Optimum,
  PermittedAdjoints,
  Reference,
  Run,
  Schedule,
  StartOptions,
} from './schedule.js'
export { isCheckpointStorage, isCheckpointStorageName, StorageType } from './storage-type.js'
export type { CheckpointStorage, Storage, WorkingStorage } from './storage-type.js'
