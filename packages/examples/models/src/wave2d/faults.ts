/** What can be wrong with the options of the wave problem, each as one sentence with the way out. */
import type { NumericArray } from '@checkpoint-schedules/core'
import { LARGEST_SQUARED_COURANT } from './laplacian.js'
import type { Wave2dOptions } from './options.js'
import { apertureOf, sourceColumns } from './places.js'
import type { Wave2dNumbers } from './simulation.js'

/** Most steps for which the built-in example makes its own data. */
const MOST_OWN_STEPS = 20_000

/** Fewest grid points in depth and in distance: one stencil. */
const FEWEST_POINTS = 5

/** What is wrong with the velocity on this grid. */
export function velocityFault(
  velocity: NumericArray,
  { spacing, timeStep }: Wave2dNumbers,
): string | undefined {
  const { data, shape } = velocity
  const [nz, nx] = shape as [number, number]
  if (nz < FEWEST_POINTS || nx < FEWEST_POINTS) {
    return `velocity has ${nz} x ${nx} points; at least ${FEWEST_POINTS} x ${FEWEST_POINTS} (depth x distance) are needed.`
  }
  let fastest = 0
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!
    if (!(value > 0 && value < Infinity)) {
      return `velocity must be finite and positive everywhere; at depth index ${Math.floor(i / nx)}, distance index ${i % nx} it is ${value}. Is it in m/s?`
    }
    if (value > fastest) fastest = value
  }
  const courant = (fastest * timeStep) / spacing
  if (courant * courant > LARGEST_SQUARED_COURANT) {
    const largest = (Math.sqrt(LARGEST_SQUARED_COURANT) * spacing) / fastest
    return `timeStep = ${timeStep} s is unstable for velocities up to ${fastest} m/s at a spacing of ${spacing} m: the largest stable timeStep is ${roundedDown(largest)} s. Data must have been recorded with the same one.`
  }
  return undefined
}

/** What is wrong with the places of sources and receivers. */
export function placesFault(
  shape: readonly number[],
  shots: number,
  receivers: number,
  numbers: Wave2dNumbers,
): string | undefined {
  const [nz, nx] = shape as [number, number]
  const { spacing, sourceDepth, receiverDepth } = numbers
  const counts = { shots, receivers }
  for (const [name, count] of Object.entries(counts)) {
    if (count > nx) {
      return `${count} ${name} do not fit into the ${nx} grid points of the velocity's distance; take at most ${nx}, or a velocity with the dimensions [depth, distance].`
    }
  }
  for (const ix of sourceColumns({ first: 0, count: shots, of: shots }, nx)) {
    const { from, to } = apertureOf(ix, nx, numbers)
    if (receivers > to - from)
      return `${receivers} receivers do not fit into the ${to - from} grid points within the aperture of ${numbers.aperture} m around the source at ${ix * spacing} m; take fewer receivers, or a larger aperture.`
  }
  for (const [name, depth] of Object.entries({ sourceDepth, receiverDepth })) {
    if (depth !== undefined && Math.round(depth / spacing) > nz - 1) {
      return `${name} = ${depth} m lies below the grid, which ends at ${(nz - 1) * spacing} m; take a smaller one.`
    }
  }
  return undefined
}

/** What is wrong with the data, or with options that contradict them. */
export function observedFault(
  observed: NumericArray,
  { steps, shots, receivers }: Wave2dOptions,
): string | undefined {
  const { data, shape } = observed
  const [ownShots, ownSteps, ownReceivers] = shape as [number, number, number]
  if (steps !== undefined && steps > ownSteps) {
    return `steps = ${steps}, but observed has records of ${ownSteps} steps; take steps <= ${ownSteps}, or leave it out to use all.`
  }
  if (shots !== undefined && shots !== ownShots) {
    return `shots = ${shots}, but observed has ${ownShots}; leave shots out to use all.`
  }
  if (receivers !== undefined && receivers !== ownReceivers) {
    return `receivers = ${receivers}, but observed has ${ownReceivers}; leave receivers out to use all.`
  }
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      const record = Math.floor(i / ownReceivers)
      const place = `shot ${Math.floor(record / ownSteps)}, step ${record % ownSteps}, receiver ${i % ownReceivers}`
      return `observed must be finite everywhere; at ${place} it is ${data[i]}. Set missing samples to 0 or leave the receiver out.`
    }
  }
  return undefined
}

/** What is wrong with the choice of files. */
export function choiceFault({ velocity, observed, steps }: Wave2dOptions): string | undefined {
  if (velocity !== undefined && observed === undefined) {
    return 'velocity is given, but observed is missing; pass what was recorded, or make it with recordShots, or leave both out for the built-in example.'
  }
  if (velocity === undefined && observed !== undefined) {
    return 'observed is given, but velocity is missing; pass the velocity to start from, or leave both out for the built-in example.'
  }
  if (velocity === undefined && steps !== undefined && steps > MOST_OWN_STEPS) {
    return `steps = ${steps}, but the built-in example makes data for at most ${MOST_OWN_STEPS} steps; take fewer, or pass velocity and observed.`
  }
  return undefined
}

/** Four significant digits, never above `value`, so that what a message advises is accepted. */
function roundedDown(value: number): number {
  const rounded = Number(value.toPrecision(4))
  return rounded <= value ? rounded : Number((value * 0.9995).toPrecision(4))
}
