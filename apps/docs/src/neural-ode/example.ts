/** The example `examples/neural-ode`, which is plain JavaScript, with types. */
import type { ObjectiveDefinition } from '@checkpoint-schedules/autodiff'
import type { Tensor } from '@tensorflow/tfjs-core'
// @ts-expect-error -- plain JavaScript
import * as network from '../../../../examples/neural-ode/network.mjs'
// @ts-expect-error -- plain JavaScript
import * as own from '../../../../examples/neural-ode/own-gradient.mjs'
// @ts-expect-error -- plain JavaScript
import * as peak from '../../../../examples/neural-ode/peak.mjs'
// @ts-expect-error -- plain JavaScript
import * as pendulum from '../../../../examples/neural-ode/pendulum.mjs'
// @ts-expect-error -- plain JavaScript
import * as training from '../../../../examples/neural-ode/training.mjs'
// @ts-expect-error -- plain JavaScript
import * as timeSteps from '../../../../examples/time-steps.mjs'

/** TensorFlow.js. */
export type TensorFlow = typeof import('@tensorflow/tfjs-core')
export type Weights = Readonly<Record<'inner' | 'bias' | 'outer', Tensor>>
export type Equation = Omit<ObjectiveDefinition<Tensor, Tensor, Weights, any>, 'ad'>

/** Angles of pendulums, a row for each time. */
export type Angles = readonly Float32Array[]
type Law = (x: number, v: number) => number
type Force = (time: number) => Float32Array

export interface Pendulums {
  readonly count: number
  readonly intervals: number
  readonly force: Force
  readonly angles: Angles
  readonly measured: Angles
}

export interface Iteration {
  readonly iteration: number
  readonly evaluations: number
  readonly loss: number
  readonly weights: Weights
}

type TimeSteps = object
type Trained = Pick<Iteration, 'loss' | 'evaluations' | 'weights'>
type Gradient = { readonly value: number; readonly gradient: { readonly params: Weights } }

export const { atRest, learnedLaw, neuralEquation, newWeights } = network as {
  readonly atRest: (tf: TensorFlow, data: Pendulums) => Tensor
  readonly learnedLaw: (weights: Weights) => Law
  readonly neuralEquation: (tf: TensorFlow, data: Pendulums, steps: TimeSteps) => Equation
  readonly newWeights: (tf: TensorFlow) => Weights
}
export const { ownGradient } = own as {
  readonly ownGradient: (
    tf: TensorFlow,
    equation: Equation,
    initialState: Tensor,
    weights: Weights,
    steps: number,
  ) => Weights
}
export const { watchTensors } = peak as {
  readonly watchTensors: (
    tf: TensorFlow,
    equation: Equation,
  ) => { readonly equation: Equation; readonly takePeak: () => number }
}
export const { interval, measurePendulums, motion } = pendulum as {
  readonly interval: number
  readonly measurePendulums: (options: { count: number; intervals: number; seed?: number }) => Pendulums
  readonly motion: (law: Law, force: Force, options: { count: number; intervals: number }) => Angles
}
export const { train } = training as {
  readonly train: (
    tf: TensorFlow,
    weights: Weights,
    valueAndGradient: (weights: Weights) => Promise<Gradient>,
    options: { iterations: number; onIteration: (iteration: Iteration) => boolean },
  ) => Promise<Trained>
}
export const { equalSteps } = timeSteps as {
  readonly equalSteps: (options: { interval: number; perInterval: number }) => TimeSteps
}
