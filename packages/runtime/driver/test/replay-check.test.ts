/** What `checkReplay` may spend, with a clock that only moves when it is told to. */
import { type Codec, treeCodec } from '@checkpoint-schedules/model'
import { describe, expect, test } from 'vitest'
import { ReplayCheck } from '../src/replay/replay-check.js'

/** A run whose steps take `step` ms and whose digests take `digest` ms: `sweeps` times over the same steps. */
function run({
  share = 0.02,
  steps = 100,
  sweeps = 3,
  step = 1,
  digest = 0.01,
  state = (n: number, _sweep: number): object => ({ u: Float64Array.of(n) }),
}) {
  let time = 0
  let isInside = false
  // Each digest asks for the time at its beginning and at its end.
  const now = () => {
    if (isInside) time += digest
    return time
  }
  const check = new ReplayCheck<unknown>(treeCodec, { share }, () => {
    const at = now()
    isInside = false
    return at
  })
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let n = 0; n <= steps; n++) {
      const value = state(n, sweep)
      // A getter: the field is read between the two looks at the clock.
      const watched = Object.defineProperty({}, 'u', {
        enumerable: true,
        get: () => ((isInside = true), (value as { u: unknown }).u),
      })
      void check.at(n, watched, treeCodec.byteLength(value), n === 0 && sweep > 0)
      time += step
    }
  }
  return { ...check.statistics, total: time }
}

const everything = {
  verdict: 'passed',
  recorded: 101,
  compared: 202,
  recomputed: { states: 200, compared: 200 },
}

test('everything, while that should take no more than 50 ms', () => {
  expect(run({ step: 0, digest: 0 })).toMatchObject(everything)
})

test('however busy the machine is', () => {
  expect(run({ step: 0, digest: 1000 })).toMatchObject(everything)
})

describe('beyond that, a share of the time of the run', () => {
  const large = Float64Array.from({ length: 2 ** 13 }, (_, i) => i)
  const state = () => ({ u: large })
  test.each([0.02, 0.1])('%d', (share) => {
    const { timeMs, total, recomputed } = run({ share, steps: 10_000, step: 0.2, digest: 0.07, state })
    expect(timeMs).toBeLessThanOrEqual(50 + share * total + 0.07)
    expect(timeMs).toBeGreaterThan(share * total)
    expect(recomputed.compared).toBeGreaterThan(500)
    expect(recomputed.compared).toBeLessThan(recomputed.states)
  })

  test('a slow machine takes little more than the allowance', () => {
    const { timeMs, total } = run({ steps: 2000, digest: 1, state })
    expect(timeMs).toBeLessThan(1000 + 0.02 * total)
  })

  test('Infinity compares all', () => {
    const { recomputed } = run({ share: Infinity, steps: 1000, digest: 5, state })
    expect(recomputed).toEqual({ states: 2000, compared: 2000 })
  })
})

test('where every digest is too slow, one comparison is made nevertheless', async () => {
  let time = 0
  const slow: Codec<number> = {
    clone: (x) => x,
    byteLength: () => 8,
    encode(x) {
      time += 1000
      return new Uint8Array(Float64Array.of(x).buffer)
    },
    decode: (bytes) => new Float64Array(bytes.slice().buffer)[0]!,
  }
  const check = new ReplayCheck(slow, { share: 0.02 }, () => time)
  for (let sweep = 0; sweep < 3; sweep++)
    for (let n = 0; n <= 100; n++) await check.at(n, n, 8, n === 0 && sweep > 0)
  expect(check.statistics).toMatchObject({
    verdict: 'passed',
    recorded: 2,
    recomputed: { states: 200, compared: 1 },
  })
})

test('a change anywhere in a state up to 64 KiB is seen', () => {
  const cells = 2 ** 13
  for (const cell of [0, 1000, 4321, cells - 1]) {
    const state = (n: number, sweep: number) => {
      const u = new Float64Array(cells).fill(n)
      if (n === 7 && sweep === 1) u[cell]! += 1
      return { u }
    }
    expect(() => run({ state, steps: 10 })).toThrow(
      'the state at step 7 is not the one that was there before: u differs.',
    )
  }
})

test('of larger ones a part, another one at each step', () => {
  const cells = 2 ** 17
  const changed = (cell: number) => (n: number, sweep: number) => {
    const u = new Float64Array(cells).fill(n)
    if (sweep === 1) u[cell]! += 1
    return { u }
  }
  expect(() => run({ state: changed(5), steps: 600, step: 0, digest: 0, sweeps: 2 })).toThrow(/u differs/)
})
