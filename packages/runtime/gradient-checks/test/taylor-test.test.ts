/** The Taylor test judges rightly: right gradients, wrong ones by little and by much, functions that it cannot judge. */
import fc from 'fast-check'
import { taylorTest } from '@checkpoint-schedules/gradient-checks'
import { describe, expect, test } from 'vitest'

/** 20 steps of x + x²/10 in units of `scale`, with a gradient that is wrong by the factor 1 + `error`. */
const quadratic =
  (scale = 1, error = 0) =>
  (m: number) => {
    let [value, gradient] = [m / scale, (1 + error) / scale]
    for (let n = 0; n < 20; n++) {
      gradient *= 1 + value / 5
      value += (value * value) / 10
    }
    return { value, gradient }
  }

const starts = fc.double({ min: 0.1, max: 0.5, noNaN: true })

describe('a right gradient', () => {
  test('passes, with rates of 2 that stay there', async () => {
    const { verdict, exact, rate, trend, rows, slopeError } = await taylorTest(quadratic(), 0.3, 1)
    expect({ verdict, exact }).toEqual({ verdict: 'passed', exact: false })
    expect(rate).toBeCloseTo(2, 2)
    expect(trend).toBeCloseTo(0, 1)
    expect(slopeError).toBeLessThan(1e-8)
    expect(rows).toHaveLength(5)
    expect(rows[0]!.rate).toBeUndefined()
    for (const row of rows.slice(1)) expect(row.rate).toBeCloseTo(2, 1)
  })

  test.each([1e-3, 1e-2, 1, 1e2, 1e3])(
    'passes for states scaled by %d, with the default h',
    async (scale) => {
      for (const direction of [1, -1, scale]) {
        const { verdict, rate } = await taylorTest(quadratic(scale), 0.3 * scale, direction)
        expect(verdict).toBe('passed')
        expect(rate).toBeCloseTo(2, 1)
      }
    },
  )

  test('passes for trees, at an optimum, and where the function is steep', async () => {
    const well = ({ x, v }: { x: number; v: Float64Array }) => ({
      value: 1 + x ** 2 + v.reduce((sum, y) => sum + Math.cosh(y) - 1, 0),
      gradient: { x: 2 * x, v: v.map(Math.sinh) },
    })
    for (const x of [0, 1]) {
      const at = { x, v: new Float64Array(3).fill(x) }
      const { verdict } = await taylorTest(well, at, { x: 1, v: Float64Array.of(1, -2, 0.5) })
      expect(verdict).toBe('passed')
    }
    const steep = (m: number) => ({ value: Math.sin(100 * m), gradient: 100 * Math.cos(100 * m) })
    expect((await taylorTest(steep, 0.7, 1)).verdict).toBe('passed')
  })

  test('passes in single precision', async () => {
    const cubes = (m: Float32Array) => ({
      value: m.reduce((sum, x) => Math.fround(sum + Math.fround(x ** 3)), 0),
      gradient: m.map((x) => 3 * x * x),
    })
    const [m, direction] = [Float32Array.of(1, 0.5, 1.4, 0.8), Float32Array.of(0.7, 1, -0.3, 1)]
    expect((await taylorTest(cubes, m, direction)).verdict).toBe('passed')
    const wrong = async (there: Float32Array) => ({
      ...cubes(there),
      gradient: cubes(there).gradient.map((g) => 1.1 * g),
    })
    expect((await taylorTest(wrong, m, direction)).verdict).toBe('wrong')
  })
})

describe('a wrong gradient', () => {
  test.each([1e-4, -1e-4, 1e-3, 0.1, -1, -2])('by a factor 1 + %d is called wrong', async (error) => {
    await fc.assert(
      fc.asyncProperty(starts, fc.constantFrom(1e-3, 1, 1e3), async (start, scale) => {
        const { verdict, slopeError } = await taylorTest(quadratic(scale, error), start * scale, 1)
        expect(verdict).toBe('wrong')
        expect(slopeError / Math.abs(error)).toBeGreaterThan(0.45)
      }),
      { numRuns: 50 },
    )
  })

  test('by 0.01 % has a median rate near 2, but its rates leave 2', async () => {
    const { rate, trend, verdict } = await taylorTest(quadratic(1, -1e-4), 0.3, 1)
    expect(rate).toBeGreaterThan(1.8)
    expect(trend).toBeLessThan(-0.2)
    expect(verdict).toBe('wrong')
  })

  test('by less than the tolerance passes, and the tolerance is an option', async () => {
    expect((await taylorTest(quadratic(1, 1e-6), 0.3, 1)).verdict).toBe('passed')
    expect((await taylorTest(quadratic(1, 1e-6), 0.3, 1, { tolerance: 1e-7 })).verdict).toBe('wrong')
  })

  test('in one component only, of a tree', async () => {
    const f = ({ x, p }: { x: number; p: number }) => ({
      value: Math.exp(x * p),
      gradient: { x: p * Math.exp(x * p), p: 1.001 * x * Math.exp(x * p) },
    })
    expect((await taylorTest(f, { x: 1, p: 0.5 }, { x: 1, p: 1 })).verdict).toBe('wrong')
  })
})

describe('a linear function', () => {
  const rows = 500
  const weights = Float64Array.from({ length: rows }, (_, i) => Math.sin(i * i))
  const functional = (error: number) => (m: Float64Array) => ({
    value: m.reduce((sum, x, i) => sum + weights[i]! * x, 0),
    gradient: weights.map((w) => w * (1 + error)),
  })
  const start = weights.map((_, i) => Math.cos(3 * i))
  const direction = weights.map((_, i) => Math.sin(5 * i))

  test('is exact: rounding makes no rate', async () => {
    const result = await taylorTest(functional(0), start, direction)
    expect(result).toMatchObject({ verdict: 'exact', exact: true, rate: undefined, trend: undefined })
    for (const row of result.rows) expect(row.rate).toBeUndefined()
  })

  test('of many steps, too', async () => {
    const decay = (m: number) => {
      let value = m
      for (let n = 0; n < 1000; n++) value = 1.0007 * value - 0.0003 * value
      return { value, gradient: 1.0004 ** 1000 }
    }
    expect(await taylorTest(decay, 1.1, 0.7)).toMatchObject({ verdict: 'exact', exact: true })
  })

  test('with a wrong gradient is wrong', async () => {
    const { verdict, exact, rate } = await taylorTest(functional(1e-4), start, direction)
    expect({ verdict, exact }).toEqual({ verdict: 'wrong', exact: false })
    expect(rate).toBeCloseTo(1, 2)
  })
})

describe('what cannot be judged is undecided', () => {
  const cases: Record<string, (m: number) => { value: number; gradient: number }> = {
    'a change below rounding, whatever the gradient': (m) => ({ value: 1e20 + m, gradient: 5 }),
    'a function that does not change': () => ({ value: 3, gradient: 0 }),
    'a kink between the points': (m) => ({ value: Math.abs(m - 1.0007), gradient: -1 }),
    'a function that is not finite nearby': (m) => ({ value: m > 1 ? Number.NaN : m, gradient: 1 }),
  }
  test.each(Object.entries(cases))('%s', async (_, f) => {
    const { verdict, exact } = await taylorTest(f, 1, 1)
    expect({ verdict, exact }).toEqual({ verdict: 'undecided', exact: false })
  })

  test('noise, such as that of a solver that stops early: rarely passed or wrong', async () => {
    let seed = 1
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5
    for (const noise of [1e-7, 1e-5]) {
      let decided = 0
      for (let run = 0; run < 300; run++) {
        const f = (m: number) => ({ value: Math.sin(m) + noise * random(), gradient: Math.cos(m) })
        if ((await taylorTest(f, 0.7, 1)).verdict !== 'undecided') decided += 1
      }
      expect(decided).toBeLessThan(10)
    }
  })

  test('where the larger steps leave the domain, the smaller ones decide', async () => {
    const f = (m: number) => ({ value: Math.sqrt(1.0017 - m), gradient: -0.5 / Math.sqrt(1.0017 - m) })
    const { rows, verdict } = await taylorTest(f, 1, 1, { h: 0.002, halvings: 8 })
    expect(rows[0]!.remainder).toBeNaN()
    expect(verdict).toBe('passed')
  })
})

test('f may overwrite its argument, and give one object as each gradient', async () => {
  const gradient = new Float64Array(2)
  const f = (m: Float64Array) => {
    const value = m.reduce((sum, x) => sum + x ** 3, 0)
    gradient.set(m.map((x) => 3 * x * x))
    m.fill(0)
    return { value, gradient }
  }
  const result = await taylorTest(f, Float64Array.of(1, 2), Float64Array.of(1, -1))
  expect(result.verdict).toBe('passed')
  expect(result.rate).toBeCloseTo(2, 1)
})

test.each([
  [{ halvings: 0 }, 'taylorTest: halvings must be an integer >= 1; got 0.'],
  [{ h: 0 }, 'h must be a finite number > 0; got 0.'],
  [{ tolerance: Number.NaN }, 'tolerance must be a finite number > 0; got NaN.'],
])('%o is refused before f is called', async (options, sentence) => {
  const never = () => expect.unreachable()
  await expect(taylorTest(never, 1, 1, options)).rejects.toThrow(sentence)
})

test('a direction that moves nothing, or has another shape, is refused', async () => {
  const f = (m: { x: number }) => ({ value: m.x, gradient: { x: 1 } })
  await expect(taylorTest(f, { x: 1 }, { x: 0 })).rejects.toThrow('the direction is zero')
  const other = { y: 1 } as unknown as { x: number }
  await expect(taylorTest(f, { x: 1 }, other)).rejects.toThrow('differ in shape at value')
  const bare = (m: number) => ({ value: m })
  await expect(taylorTest(bare, 1, 1)).rejects.toThrow('got no gradient')
})
