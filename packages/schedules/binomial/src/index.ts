export { beta } from './beta.js'
export { extraSteps, repetitions } from './extra-steps.js'
export { optimalSplit } from './split.js'
export type { Trajectory } from './split.js'
