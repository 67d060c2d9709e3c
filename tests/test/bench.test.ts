/** The bench's verdicts and comparisons, of made-up samples; what its parts declare; and that documents name parts that exist. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compare } from '../bench/harness/compare.mjs'
import { type Figure, type Goal, judge } from '../bench/harness/judge.mjs'
import { comparisonLines, figureLines, summaryLine } from '../bench/harness/print.mjs'
import { membersOf, root } from '../../scripts/workspace.mjs'
import { parts } from '../bench/parts.mjs'
import { pages, pageText } from './support/snippets.js'

/** The figure `slow / fast` of rounds with these times. */
function figure(
  rounds: [slow: number, fast: number][],
  more: { goal?: Goal; better?: 'higher' } = {},
): Figure {
  const samples = rounds.map(([slow, fast]) => ({ slow: { cpu: slow }, fast: { cpu: fast } }))
  const measure = ({ slow, fast }: (typeof samples)[number]) => slow.cpu / fast.cpu
  return judge('part', { name: 'case', figure: 'slow / fast', unit: '×', measure, ...more }, samples)
}
const of = (...values: number[]) => figure(values.map((value) => [value, 1]))

describe('a verdict', () => {
  test('compares within a round: what slows the machine does not count', () => {
    const it = figure([
      [2, 1],
      [20, 10],
      [200, 100],
    ])
    expect(it).toMatchObject({ value: 2, low: 2, high: 2 })
  })

  test('is of the median, and has no room beyond the goal', () => {
    const rounds: [number, number][] = [
      [9, 1],
      [1.05, 1],
      [1, 1],
    ]
    expect(figure(rounds, { goal: { atMost: 1.05 } })).toMatchObject({ verdict: 'met', low: 1, high: 9 })
    expect(figure(rounds, { goal: { atMost: 1.049 } }).verdict).toBe('missed')
    expect(figure(rounds, { goal: { atLeast: 1.05 } }).verdict).toBe('met')
    expect(figure(rounds, { goal: { atLeast: 1.051 } }).verdict).toBe('missed')
    expect(figure(rounds)).not.toHaveProperty('verdict')
  })

  test('may be of the worst process', () => {
    const summary = (values: readonly number[]) => values.at(-1)!
    const measure = ({ it }: { it: { cpu: number } }) => it.cpu
    const rounds = [1, 3, 2].map((cpu) => ({ it: { cpu } }))
    const goal = { atMost: 2 }
    const worst = judge('part', { name: '', figure: '', unit: '', goal, measure, summary }, rounds)
    expect(worst).toMatchObject({ value: 3, verdict: 'missed' })
  })
})

describe('a comparison', () => {
  const changeOf = (before: Figure, now: Figure) => compare([before], [now])[0]!.change

  test('tells better from worse', () => {
    expect(changeOf(of(1, 1.1, 1.2), of(2, 2.1, 2.2))).toBe('worse')
    expect(changeOf(of(2, 2.1, 2.2), of(1, 1.1, 1.2))).toBe('better')
    const faster = figure([[2, 1]], { better: 'higher' })
    const slower = figure([[1, 1]], { better: 'higher' })
    expect(changeOf(slower, faster)).toBe('better')
    expect(changeOf(faster, slower)).toBe('worse')
    const reached = (value: number) => figure([[value, 1]], { goal: { atLeast: 5 } })
    expect(changeOf(reached(10), reached(20))).toBe('better')
  })

  test('calls noise what lies within either spread, and what is very little', () => {
    expect(changeOf(of(1, 1.1, 3), of(2, 2.1, 2.2))).toBe('within noise')
    expect(changeOf(of(2, 2.1, 2.2), of(1, 1.1, 3))).toBe('within noise')
    expect(changeOf(of(1, 1, 1), of(1.02, 1.02, 1.02))).toBe('within noise')
    expect(changeOf(of(1, 1, 1), of(1.2, 1.2, 1.2))).toBe('worse')
    expect(changeOf(of(1), of(1.2))).toBe('within noise')
    expect(changeOf(of(0), of(0))).toBe('within noise')
  })

  test('leaves out what was not measured both times', () => {
    const other = { ...of(1), name: 'another case' }
    expect(compare([other], [of(1)])).toEqual([])
  })
})

describe.each(Object.keys(parts))('%s', (part) => {
  test('declares each figure once, and fits 80 columns', async () => {
    const { bench } = await parts[part]!()
    const goals = bench.experiments.flatMap(({ goals }) => goals)
    const keys = goals.map(({ figure, name }) => `${figure}: ${name}`)
    expect(new Set(keys).size).toBe(keys.length)
    const figures = goals.map((goal) =>
      judge(part, { ...goal, measure: (_, rounds) => rounds.length }, [{}, {}]),
    )
    const wide = figures.map((it) => ({
      ...it,
      value: 1234.5,
      low: 0.00123,
      high: 12_345,
      values: [1, 12_345],
    }))
    const lines = figureLines(`${part}: ${bench.title}`, wide).flatMap((line) => line.split('\n'))
    const against = comparisonLines('before.json', compare(figures, wide)).flatMap((line) => line.split('\n'))
    expect([...lines, ...against].filter((line) => line.length > 80)).toEqual([])
    expect(lines.filter((line) => /1235/.test(line))).toHaveLength(figures.length)
    for (const { variants } of bench.experiments) expect(Object.keys(variants)).not.toContain('prepare')
  })
})

test('the summary counts verdicts', () => {
  const figures = [
    figure([[1, 1]], { goal: { atMost: 1 } }),
    figure([[2, 1]], { goal: { atMost: 1 } }),
    of(1),
  ]
  expect(summaryLine(figures)).toBe('Goals: 1 met, 1 missed.')
})

describe('on the command line', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, 'tests/bench/run.mjs'), ...args], { encoding: 'utf8' })

  test('an unknown part is refused, and the parts are named', () => {
    const { status, stderr, stdout } = run('drive')
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(`There is no part drive; there are ${Object.keys(parts).join(', ')}.`)
  })

  test('a file to compare with is read before anything is measured', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'))
    try {
      const other = join(folder, 'other.json')
      writeFileSync(other, '{}')
      for (const file of [join(folder, 'none.json'), other]) {
        const { status, stderr, stdout } = run('--against', file)
        expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
        expect(stderr).toContain(`--against ${file}: `)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

test('documents name parts that exist', () => {
  const texts = [
    ...readdirSync(root, { encoding: 'utf8' }).filter((file) => file.endsWith('.md')),
    'tests/README.md',
    ...membersOf().map(({ folder }) => join(folder, 'README.md')),
  ]
    .filter((file) => existsSync(join(root, file)))
    .map((file) => readFileSync(join(root, file), 'utf8'))
  const named = [...texts, ...pages.map(pageText)].flatMap((text) =>
    Array.from(text.matchAll(/`pnpm bench ([a-z ]+)`/g), ([, names]) => names!.split(' ')).flat(),
  )
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((name) => !(name in parts))).toEqual([])
})
