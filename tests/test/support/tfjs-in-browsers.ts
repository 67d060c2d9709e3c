/** Stands for `@tensorflow/tfjs` in a bundle: the core with its gradients, which only its ES modules register. */
export * from '@tensorflow/tfjs-core'
// @ts-expect-error -- it has no types
import '@tensorflow/tfjs-core/dist/register_all_gradients'
