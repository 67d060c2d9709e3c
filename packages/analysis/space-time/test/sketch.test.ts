/** Sketches: small however many actions there are, without losing bars that all look alike. */
import { advance, copy, endForward, endReverse, reverse, store, tape } from '@checkpoint-schedules/core'
import { expect, test } from 'vitest'
import { record } from '../src/recording.js'
import { toSketch } from '../src/sketch.js'
import { darkTheme, lightTheme } from '../src/themes.js'

/** Every step is stored, and read when it is its turn. */
function* storingAll(steps: number) {
  for (let n = 0; n < steps; n++) yield store(n, n + 1, 'DISK')
  yield endForward()
  for (let n = steps; n-- > 0;) {
    yield copy(n, 'DISK')
    yield tape(n)
    yield reverse(n)
  }
  yield endReverse()
}

test('20,000 bars of about the same length are not all left out, and the picture stays small', () => {
  const svg = toSketch(record(storingAll(20_000), { steps: 20_000 }), { title: 'all' })
  const ink = lightTheme.storages[1]!
  const paths = svg.split('\n').filter((line) => line.includes(ink))
  const rows = new Set(paths.flatMap((path) => [...path.matchAll(/M[\d.]+ (\d+)/g)].map(([, y]) => y)))
  // 120 pixels high, 4 of them margin at each side.
  expect(rows.size).toBeGreaterThan(100)
  expect(svg.length).toBeLessThan(700_000)
})

test('the title is escaped, and each ground has its colours', () => {
  const recording = record([advance(0, 3), endForward()], { steps: 3 })
  const dark = toSketch(recording, { title: 'a<b', theme: 'dark', width: 200, height: 50 })
  expect(dark).toContain('aria-label="a&lt;b" width="200" height="50"')
  expect(dark).toContain(darkTheme.forward)
  expect(dark).not.toContain(lightTheme.forward)
})

test('a long action after many short ones is a slope, not a column over all its steps', () => {
  const short = Array.from({ length: 1250 }, (_, n) => advance(n, n + 1))
  const recording = record([...short, advance(1250, 100_000), endForward()], { steps: 100_000 })
  const svg = toSketch(recording, { title: 'long', across: 'time' })
  const lines = [...svg.matchAll(/M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)/g)].map((it) =>
    it.slice(1).map(Number),
  )
  const high = lines.filter(([, y0, , y1]) => Math.abs(y1! - y0!) > 10)
  expect(high).toHaveLength(1)
  const [[x0, , x1]] = high as [number[]]
  expect(x1! - x0!).toBeGreaterThan(300)
})
