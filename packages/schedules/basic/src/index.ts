export { none } from './none.js'
export { singleDisk } from './single-disk.js'
export { singleMemory } from './single-memory.js'
