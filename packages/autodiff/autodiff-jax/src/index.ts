export { jaxjs } from './jaxjs.js'
export type { Jax } from './jaxjs.js'
