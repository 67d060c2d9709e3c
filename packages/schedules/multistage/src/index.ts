export { multistage } from './multistage.js'
export { twoLevel } from './two-level.js'
