export { online } from './online.js'
