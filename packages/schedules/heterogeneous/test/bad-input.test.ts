/** Bad input is refused in one sentence, when the schedule is made. */
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import { expect, test } from 'vitest'
import { heterogeneous } from '../src/index.js'

const good = { steps: 5, forwardCost: 1, adjointCost: 1, stateBytes: 2, tapeBytes: 3, ramBytes: 4 }
let calls = 0

test.each([
  [
    { stateBytes: [1, 2] },
    /stateBytes must have one number for each of 5 steps, 5 in all .* got an array of 2/,
  ],
  [{ tapeBytes: new Float32Array(6) }, /tapeBytes must have one number for each of 5 steps.* array of 6/],
  [{ tapeBytes: [1, 2, Number.NaN, 4, 5] }, /tapeBytes\[2\] must be a finite number >= 0 .* got NaN/],
  [{ forwardCost: [1, 2, -1, 4, 5] }, /forwardCost\[2\] must be a finite number >= 0 .* got -1/],
  [{ adjointCost: Infinity }, /adjointCost must be a finite number >= 0 .* got Infinity/],
  [{ adjointCost: ['1', 2, 3, 4, 5] }, /adjointCost\[0\] must be a finite number.* got "1"/],
  [
    { stateBytes: new DataView(new ArrayBuffer(40)) },
    /stateBytes must be a finite number >= 0, an array of them/,
  ],
  [
    { stateBytes: (n: number) => (n === 3 ? undefined : 1) },
    /stateBytes\(3\) must be a finite number .* got undefined/,
  ],
  [
    {
      stateBytes() {
        throw new Error('no mesh')
      },
    },
    /stateBytes\(0\) must return a finite number >= 0 .*; it threw: no mesh/,
  ],
  [{ stateBytes: () => calls++ }, /stateBytes\(0\) must return the same number each time .*; got 0, then 5/],
  [{ ramBytes: -1 }, /ramBytes must be a finite number >= 0/],
  [{ ramBytes: 1 }, /ramBytes 1 is too little to reverse 5 steps\. Pass ramBytes >= 2, or a disk\./],
  [
    { ramBytes: 1, disk: { bytes: 1 } },
    /ramBytes 1 is too little to reverse 5 steps\. Pass ramBytes >= 2, or more bytes on disk\./,
  ],
  [{ disk: { bytes: -1 } }, /disk\.bytes must be a finite number >= 0, or null for no limit/],
  [{ disk: { latency: 1 } }, /disk has no "latency"\..* It takes bytes, writeLatency/],
  [
    { working: { forward: 1, tape: 1, adjoint: 1, standing: [1, 1, 1, 1, 1] } },
    /working\.standing must have one number for each of 5 steps and one for the end, 6 in all/,
  ],
  [{ working: { forward: 1, tape: 1, adjoint: 1 } }, /working\.standing is missing/],
  [
    { working: { forward: 9, tape: 1, adjoint: 1, standing: 0 } },
    /ramBytes 4 is too little to reverse 5 steps\. Pass ramBytes >= 11/,
  ],
  [
    { ramBytes: 2, unitBytes: 3 },
    /too little .* with sizes rounded up to multiples of 3\. Pass ramBytes >= 3/,
  ],
  [{ unitBytes: 0 }, /unitBytes must be a finite number > 0/],
  [{ steps: 1e8 }, /steps must be an integer from 1 to 10000000/],
  [
    { steps: 20_000, forwardCost: (n: number) => 1 + (n % 2), ramBytes: 100 },
    /20000 steps of unequal cost or size need tables of .* MiB .* Pass fewer steps.*groups of steps.*one number for all steps\.$/,
  ],
])('%o', (bad, message) => {
  let error: unknown
  try {
    heterogeneous({ ...good, ...bad } as unknown as typeof good)
  } catch (thrown) {
    error = thrown
  }
  expect(isCheckpointScheduleError(error) && error.code).toBe('INVALID_OPTION')
  expect((error as Error).message).toMatch(message)
})

test('arrays and functions are read when the schedule is made; later changes have no effect', () => {
  const stateBytes = [1, 9, 1, 9, 1]
  const schedule = heterogeneous({ ...good, stateBytes })
  const before = heterogeneous({ ...good, stateBytes: [...stateBytes] })
  stateBytes.fill(0)
  expect([...schedule]).toEqual([...before])
  expect(schedule.manifest.options['stateBytes']).toEqual([1, 9, 1, 9, 1])
})
