export { heterogeneous } from './heterogeneous.js'
