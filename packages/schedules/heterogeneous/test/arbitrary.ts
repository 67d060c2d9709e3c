/** Random problems: small integers, so that ties are common. */
import fc from 'fast-check'
import type { Input } from './replay.js'

export interface Sizes {
  readonly steps: number
  readonly ram?: number
}

const some = (max: number, length: number) =>
  fc.oneof(
    fc.integer({ min: 0, max }),
    fc.array(fc.integer({ min: 0, max }), { minLength: length, maxLength: length }),
    fc.array(fc.integer({ min: 1, max }), { minLength: length, maxLength: length }),
  )

/** With and without a disk, with and without working bytes; often infeasible. */
export function problems({ steps: most, ram = 30 }: Sizes): fc.Arbitrary<Input> {
  return fc.integer({ min: 1, max: most }).chain((steps) =>
    fc.record(
      {
        steps: fc.constant(steps),
        forwardCost: some(9, steps),
        tapeCost: some(9, steps),
        adjointCost: some(9, steps),
        stateBytes: some(6, steps),
        tapeBytes: some(9, steps),
        ramBytes: fc.integer({ min: 0, max: ram }),
        disk: fc.record({
          bytes: fc.option(fc.integer({ min: 0, max: 15 })),
          writeLatency: fc.integer({ min: 0, max: 3 }),
          writePerByte: fc.integer({ min: 0, max: 1 }),
          readLatency: fc.integer({ min: 0, max: 3 }),
          readPerByte: fc.integer({ min: 0, max: 1 }),
        }),
        working: fc.record({
          forward: some(6, steps),
          tape: some(8, steps),
          adjoint: some(8, steps),
          standing: some(4, steps + 1),
        }),
      },
      {
        requiredKeys: ['steps', 'forwardCost', 'adjointCost', 'stateBytes', 'tapeBytes', 'ramBytes'],
      },
    ),
  )
}

/** All steps equal, except for what taping and reversing them costs. */
export function equalProblems({ steps, ram = 30 }: Sizes): fc.Arbitrary<Input> {
  const number = fc.integer({ min: 0, max: 6 })
  return fc.record(
    {
      steps: fc.integer({ min: 1, max: steps }),
      forwardCost: fc.constantFrom(0, 1, 1, 2, 3),
      adjointCost: number,
      stateBytes: number,
      tapeBytes: number,
      ramBytes: fc.integer({ min: 0, max: ram }),
      disk: fc.record({
        bytes: fc.option(fc.integer({ min: 0, max: 12 })),
        writeLatency: number,
        readLatency: number,
      }),
      working: fc.record({ forward: number, tape: number, adjoint: number, standing: number }),
    },
    { requiredKeys: ['steps', 'forwardCost', 'adjointCost', 'stateBytes', 'tapeBytes', 'ramBytes'] },
  )
}
