/** The training of `examples/neural-ode`, with reports for a page. Works in a worker, and in Node alike. */
import { differentiable } from '@checkpoint-schedules/autodiff'
import { tfjs } from '@checkpoint-schedules/autodiff-tfjs'
import { multistage } from '@checkpoint-schedules/multistage'
import {
  atRest,
  equalSteps,
  interval,
  learnedLaw,
  measurePendulums,
  motion,
  neuralEquation,
  newWeights,
  ownGradient,
  type TensorFlow,
  train,
  watchTensors,
} from './example.js'

/** Where the training ends: the noise alone makes a loss of 0.0004. */
export const GOAL = 0.0006
const PER_INTERVAL = 5

export interface TrainingSettings {
  readonly steps: number
  /** Bytes for checkpoints and all else that a gradient holds. */
  readonly budget: number
}

/** What one gradient took: bytes of tensors at most, and milliseconds. */
export interface Taken {
  readonly bytes: number
  readonly time: number
}

/** The angle of the first pendulum at each measurement. */
export type Curve = readonly number[]

export type TrainingReport =
  | { readonly type: 'measured'; readonly angles: Curve }
  /** By the library once, then for each gradient of the training. */
  | { readonly type: 'gradient'; readonly by: 'library' | 'schedule'; readonly taken: Taken }
  | {
      readonly type: 'iteration'
      readonly iteration: number
      readonly evaluations: number
      readonly loss: number
      readonly angles: Curve
    }

/** Compares one gradient with that of TensorFlow.js alone, then trains. */
export async function runTraining(
  tf: TensorFlow,
  { steps, budget }: TrainingSettings,
  report: (it: TrainingReport) => void,
): Promise<void> {
  const intervals = Math.ceil(steps / PER_INTERVAL)
  const data = measurePendulums({ count: 16, intervals })
  const first = (rows: readonly Float32Array[]): Curve => rows.map(([x]) => x!)
  report({ type: 'measured', angles: first(data.measured) })

  const timeSteps = equalSteps({ interval, perInterval: PER_INTERVAL })
  const { equation, takePeak } = watchTensors(tf, neuralEquation(tf, data, timeSteps))
  const [initialState, weights] = [atRest(tf, data), newWeights(tf)]
  const objective = differentiable({ ad: tfjs(tf), ...equation })
  const all = { initialState, steps: PER_INTERVAL * intervals, budget, families: [multistage] }
  const timed = async <T>(by: 'library' | 'schedule', compute: () => Promise<T> | T): Promise<T> => {
    takePeak()
    const started = performance.now()
    const result = await compute()
    report({ type: 'gradient', by, taken: { bytes: takePeak(), time: performance.now() - started } })
    return result
  }
  const gradientAt = (params: typeof weights) =>
    timed('schedule', () => objective.valueAndGradient({ ...all, params }))

  // First what may be refused, such as a budget that is too small.
  tf.dispose((await gradientAt(weights)).gradient)
  tf.dispose(await timed('library', () => ownGradient(tf, equation, initialState, weights, all.steps)))
  await train(tf, weights, gradientAt, {
    iterations: 100,
    onIteration({ weights, ...iteration }) {
      const force = (time: number) => data.force(time).subarray(0, 1)
      const angles = motion(learnedLaw(weights), force, { count: 1, intervals })
      report({ type: 'iteration', ...iteration, angles: first(angles) })
      return iteration.loss <= GOAL
    },
  })
}
