export { diskRevolve } from './disk-revolve.js'
export { hRevolve } from './h-revolve.js'
export { periodicDiskRevolve } from './periodic-disk-revolve.js'
export { revolve } from './revolve.js'
