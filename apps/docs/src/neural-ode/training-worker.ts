/** Trains in a worker, so that the page stays responsive. TensorFlow.js is in the worker's bundle: who does not train does not load it. */
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
// @ts-expect-error -- it has no types
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import { runTraining, type TrainingReport, type TrainingSettings } from './training-run.js'

/** What the worker says: reports, and how it ended. */
export type WorkerMessage = TrainingReport | { readonly type: 'end'; readonly error?: string }

const say = (message: WorkerMessage) => postMessage(message)

addEventListener('message', ({ data }: MessageEvent<TrainingSettings>) => void answer(data))

async function answer(settings: TrainingSettings): Promise<void> {
  try {
    await runTraining(tf, settings, say)
    say({ type: 'end' })
  } catch (error) {
    say({ type: 'end', error: error instanceof Error ? error.message : String(error) })
  }
}
