/**
 * The values in working storage. Each has an owner that counts and releases it (`working-storage`) and is looked at when it arrives
 * (`measured`); `pool` keeps the memory of states for later copies; `tape-watch`, `traces` and `contents` see to it that nothing writes over what the run still needs.
 */
export { Pool } from './pool.js'
export { Owner, Tapes } from './working-storage.js'
export { TapeWatch } from './tape-watch.js'
