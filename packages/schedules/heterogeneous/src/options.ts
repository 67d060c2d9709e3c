/** The options: quantities by step, and budgets in bytes. */
import { integer, number, type OptionValues, perStep, record } from '@checkpoint-schedules/core'

/** Far above what can be planned; it keeps functions of the step from being called without end. */
const MOST_STEPS = 10_000_000

export const options = {
  steps: integer({ min: 1, max: MOST_STEPS, help: 'time steps of the forward' }),
  forwardCost: perStep({ min: 0, help: 'cost of a forward step, in any one unit of time' }),
  tapeCost: perStep({
    min: 0,
    optional: true,
    help: 'cost of a taped forward step, by default as forwardCost',
  }),
  adjointCost: perStep({ min: 0, help: 'cost of an adjoint step' }),
  stateBytes: perStep({ min: 0, help: 'size of the restart data at the start of a step' }),
  tapeBytes: perStep({ min: 0, help: 'size of the tape of a step' }),
  ramBytes: number({
    min: 0,
    unit: 'bytes',
    short: 'ram',
    help: 'memory, for checkpoints and for what working lists',
  }),
  disk: record({
    optional: true,
    help: 'checkpoints on disk',
    fields: {
      bytes: number({ min: 0, unlimited: true, unit: 'bytes', default: null, help: 'space on disk' }),
      writeLatency: number({ min: 0, default: 0, help: 'cost of writing a checkpoint, whatever its size' }),
      writePerByte: number({ min: 0, default: 0, help: 'cost of writing a byte' }),
      readLatency: number({ min: 0, default: 0, help: 'cost of reading a checkpoint, whatever its size' }),
      readPerByte: number({ min: 0, default: 0, help: 'cost of reading a byte' }),
    },
  }),
  working: record({
    optional: true,
    help: 'bytes in use besides checkpoints, which count then too',
    fields: {
      forward: perStep({ min: 0, help: 'bytes in use during a forward step' }),
      tape: perStep({
        min: 0,
        help: 'bytes in use during a step taped to disk or for the next adjoint step',
      }),
      adjoint: perStep({ min: 0, help: 'bytes in use during an adjoint step, the adjoint included' }),
      standing: perStep({
        min: 0,
        atEnd: true,
        help: 'bytes of the adjoint at the start of a step and at the end',
      }),
    },
  }),
  unitBytes: number({
    min: 0,
    aboveMin: true,
    optional: true,
    unit: 'bytes',
    help: 'sizes are rounded up to multiples of it; by default exact, or the finest that fits',
  }),
}

/** The checked options. */
export type HeterogeneousOptions = OptionValues<typeof options>
