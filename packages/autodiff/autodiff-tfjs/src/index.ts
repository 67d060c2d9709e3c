export { tfjs } from './tfjs.js'
export type { TensorFlow } from './tfjs.js'
