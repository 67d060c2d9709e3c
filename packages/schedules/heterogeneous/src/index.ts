export { heterogeneous } from './heterogeneous.js'
export { planningSize } from './plan.js'
export type { PlanningSize } from './plan.js'
