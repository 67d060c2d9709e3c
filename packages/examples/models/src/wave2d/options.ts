/** The options of the wave problem; their defaults fit the files in `examples/wave2d`. */
import { array, integer, number, type OptionValues } from '@checkpoint-schedules/core'

const depthHelp = 'in m, to the nearest grid point'

/** Grid, clock, source and receivers. */
export const physicalOptions = {
  spacing: number({ min: 0, aboveMin: true, default: 10, help: 'grid spacing in depth and distance, m' }),
  timeStep: number({ min: 0, aboveMin: true, default: 0.0015, help: 'time step, s' }),
  peakFrequency: number({
    min: 0,
    aboveMin: true,
    default: 10,
    help: 'peak frequency of the source, Hz; good below velocity / (10 spacing)',
  }),
  absorbingWidth: integer({
    min: 0,
    max: 500,
    default: 30,
    help: 'cells of the absorbing layer on each side; good from a wavelength on',
  }),
  sourceDepth: number({
    min: 0,
    optional: true,
    help: `depth of the sources ${depthHelp}; by default 7/8 of the grid`,
  }),
  receiverDepth: number({ min: 0, default: 20, help: `depth of the receivers ${depthHelp}` }),
  aperture: number({
    min: 0,
    optional: true,
    help: 'largest distance of a receiver from its source, m: each shot has its own receivers; by default all share theirs',
  }),
}

/** The options of `recordShots`. */
export const shotOptions = {
  velocity: array({ dimensions: ['depth', 'distance'], help: 'velocity at each grid point, m/s' }),
  steps: integer({ min: 1, max: 1e7, help: 'time steps to record' }),
  shots: integer({ min: 1, max: 1e5, help: 'sources, spread evenly, one after the other' }),
  receivers: integer({ min: 1, max: 1e5, help: 'receivers, spread evenly' }),
  ...physicalOptions,
}

/** The options of `wave2d`. */
export const wave2dOptions = {
  velocity: array({
    dimensions: ['depth', 'distance'],
    optional: true,
    help: 'velocity to start from, m/s; without it and without observed, a small built-in example',
  }),
  observed: array({
    dimensions: ['shots', 'steps', 'receivers'],
    optional: true,
    help: 'what the receivers recorded after each step',
  }),
  steps: integer({ min: 1, optional: true, help: 'time steps; by default as many as were recorded' }),
  shots: integer({
    min: 1,
    optional: true,
    help: 'sources, spread evenly; by default as many as in observed',
  }),
  receivers: integer({
    min: 1,
    optional: true,
    help: 'receivers, spread evenly; by default as many as in observed',
  }),
  ...physicalOptions,
}

/** Checked options of `wave2d`. */
export type Wave2dOptions = OptionValues<typeof wave2dOptions>
