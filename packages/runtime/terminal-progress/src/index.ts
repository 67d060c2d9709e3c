export { showDuration } from './duration.js'
export { terminalProgress } from './terminal-progress.js'
export type {
  Standing,
  TerminalProgress,
  TerminalProgressOptions,
  TerminalStream,
} from './terminal-progress.js'
