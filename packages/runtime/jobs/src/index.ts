export { openQueue } from './open-queue.js'
export type {
  Assignment,
  Collected,
  DeadPart,
  JobQueue,
  KnownRun,
  QueueOptions,
  Run,
  RunStatus,
  Submission,
  WaitOptions,
  WorkerEvent,
  WorkOptions,
} from './types.js'
