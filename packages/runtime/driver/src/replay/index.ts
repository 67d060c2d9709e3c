/**
 * Whether the forward computes again what it computed before. `replay-check` compares digests (`digest`, `hash`) of the states at each
 * step, within the `replay-budget`; `codec-losses` tells a codec that rounds from a step that is not reproducible.
 */
export { ReplayCheck } from './replay-check.js'
export type { ReplayEvent, ReplayOptions, ReplayStatistics } from './replay-check.js'
