/** Ranges against a plain loop: nothing is missed, and little is added. */
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

test('the range of a stretch covers what its actions touch, and nothing farther than a quarter of it', () => {
  const property = fc.property(
    fc.array(action, { minLength: 1, maxLength: 600 }),
    fc.nat({ max: 599 }),
    fc.nat({ max: 600 }),
    (actions, start, count) => {
      const recording = record([...actions, endForward()], { steps: 3000 })
      const ranges = new Ranges(recording)
      const from = Math.min(start, recording.length - 1)
      const to = Math.min(recording.length, from + 1 + count)
      const plain = (first: number, last: number) => {
        const steps = RANGED.map((kind) =>
          Array.from({ length: last - first }, (_, i) => first + i).flatMap((i) =>
            recording.kinds[i] === kind ? [recording.starts[i]!, recording.ends[i]!] : [],
          ),
        )
        return {
          least: steps.map((it) => Math.min(...it)),
          greatest: steps.map((it) => Math.max(...it)),
          held: recording.held.map((it) => Math.max(...it.slice(first, last))),
        }
      }
      const margin = Math.ceil((to - from) / 4)
      const inner = plain(from, to)
      const outer = plain(Math.max(0, from - margin), Math.min(recording.length, to + margin))
      const found = ranges.of(from, to)
      for (const kind of RANGED) {
        expect(found.least[kind]).toBeLessThanOrEqual(inner.least[kind]!)
        expect(found.least[kind]).toBeGreaterThanOrEqual(outer.least[kind]!)
        expect(found.greatest[kind]).toBeGreaterThanOrEqual(inner.greatest[kind]!)
        expect(found.greatest[kind]).toBeLessThanOrEqual(outer.greatest[kind]!)
      }
      for (const [k, most] of inner.held.entries()) {
        expect(found.held[k]).toBeGreaterThanOrEqual(most)
        expect(found.held[k]).toBeLessThanOrEqual(outer.held[k]!)
      }
    },
  )
  fc.assert(property, { numRuns: 300 })
})
