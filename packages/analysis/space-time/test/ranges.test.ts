/** Ranges against a plain loop. */
import { type Action, advance, copy, endForward, reverse, store, tape } from '@checkpoint-schedules/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RANGED, Ranges } from '../src/ranges.js'
import { record } from '../src/recording.js'

const step = fc.nat({ max: 1000 })
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.tuple(step, step).map(([n, more]) => advance(n, n + 1 + more)),
  fc.tuple(step, step).map(([n, more]) => store(n, n + 1 + more, 'RAM')),
  step.map((n) => tape(n)),
  step.map((n) => reverse(n)),
  step.map((n) => copy(n, 'RAM')),
)

test('the range of a stretch is what its actions touch', () => {
  const property = fc.property(
    fc.array(action, { minLength: 1, maxLength: 600, size: 'max' }),
    fc.nat({ max: 599 }),
    fc.nat({ max: 600 }),
    (actions, start, count) => {
      const recording = record([...actions, endForward()], { steps: 3000 })
      const ranges = new Ranges(recording)
      const from = Math.min(start, recording.length - 1)
      const to = Math.min(recording.length, from + 1 + count)
      const steps = RANGED.map((kind) =>
        Array.from({ length: to - from }, (_, i) => from + i).flatMap((i) =>
          recording.kinds[i] === kind ? [recording.starts[i]!, recording.ends[i]!] : [],
        ),
      )
      const { least, greatest, held } = ranges.of(from, to)
      expect([...least]).toEqual(steps.map((it) => Math.min(...it)))
      expect([...greatest]).toEqual(steps.map((it) => Math.max(...it)))
      expect([...held]).toEqual(recording.held.map((it) => Math.max(...it.slice(from, to))))
    },
  )
  fc.assert(property, { numRuns: 300 })
})
