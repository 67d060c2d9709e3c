/** In Node, @tensorflow/tfjs-core alone registers no gradients. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { tfjs } from '../src/index.js'

test('the core alone is refused, with the way out', () => {
  expect(() => tfjs(tf)).toThrow(
    /no gradients are registered in this TensorFlow\.js.*install @tensorflow\/tfjs/,
  )
})
