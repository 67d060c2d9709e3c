/** The line fits and says what it was told; the terminal is left as it was. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { showDuration, type Standing, terminalProgress } from '@checkpoint-schedules/terminal-progress'
import { lineOf } from '../src/line.js'

const standing = (elapsedMs: number, fraction: number | undefined): Standing => ({
  fraction,
  phase: 'reverse',
  elapsedMs,
  remainingMs: fraction === undefined ? undefined : (elapsedMs * (1 - fraction)) / fraction,
})

function terminal(columns = 80) {
  const written: string[] = []
  return { written, stream: { isTTY: true, columns, write: (text: string) => written.push(text) } }
}

/** What is on the line after all that was written. */
function lineOn(written: readonly string[]): string {
  let line = ''
  for (const text of written) {
    expect(text.startsWith('\r')).toBe(true)
    const plain = text.slice(1).replaceAll('\u001B[2K', '').replaceAll('\u001B[K', '')
    line = plain
  }
  return line
}

describe('on a terminal', () => {
  beforeEach(() => {
    vi.stubEnv('TERM', 'xterm')
    vi.stubEnv('NO_COLOR', '1')
  })
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it('fits any width without cutting a number or a word', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.string({ maxLength: 20 }),
        (columns, fraction, label) => {
          const words = { phase: 'reverse', detail: 'forward 123,456/2,345,678', left: '12 h 34 min left' }
          const { bar, text, rest } = lineOf(label, fraction, words, columns)
          expect(text).toBe(`${String(Math.floor(fraction * 100)).padStart(3)}%  12 h 34 min left`)
          expect(['', '  reverse', '  reverse  forward 123,456/2,345,678']).toContain(rest)
          const length = `${label} ${bar} ${text}${rest}`.length
          // Where not even the percentage and the time fit, there is nothing else.
          if (length >= columns) expect(bar + rest).toBe('')
        },
      ),
    ))

  it('draws at most 20 times a second, nothing at first, and clears its line at the end', () => {
    const { written, stream } = terminal()
    const show = terminalProgress<Standing>({ label: 'run', detail: () => 'all', stream })
    for (let elapsed = 0; elapsed < 2000; elapsed++) show(standing(elapsed, (elapsed + 1) / 2001))
    expect(written.length).toBe(34) // (2000 - 300) / 50
    expect(lineOn(written)).toMatch(/^run █+░+ {2}97% {2}50 ms left {2}reverse {2}all$/)
    show(standing(2000, 1))
    expect(lineOn(written)).toBe('')
    const before = written.length
    show.stop()
    expect(written.length).toBe(before)
  })

  it('stop clears the line of a run that failed, and changes nothing else of the terminal', () => {
    const { written, stream } = terminal()
    const show = terminalProgress<Standing>({ detail: () => '', stream })
    show(standing(400, 0.5))
    show.stop()
    show.stop()
    expect(lineOn(written)).toBe('')
    expect(written.join('')).not.toContain('\u001B[?')
  })

  it('has colours unless NO_COLOR', () => {
    for (const [value, expected] of [
      ['', true],
      ['1', false],
    ] as const) {
      vi.stubEnv('NO_COLOR', value)
      const { written, stream } = terminal()
      terminalProgress<Standing>({ detail: () => '', stream })(standing(400, 0.5))
      expect(written.join('').includes('\u001B[36m')).toBe(expected)
    }
  })

  it('a dumb terminal gets lines', () => {
    vi.stubEnv('TERM', 'dumb')
    const { written, stream } = terminal()
    terminalProgress<Standing>({ detail: () => 'x', stream })(standing(400, 0.5))
    expect(written).toEqual(['gradient: 50%, reverse, x, 400 ms left\n'])
  })
})

describe('elsewhere', () => {
  it('is a line for each tenth', () => {
    const written: string[] = []
    const show = terminalProgress<Standing>({
      detail: () => '',
      stream: { write: (text) => written.push(text) },
    })
    for (let i = 1; i <= 1000; i++) show(standing(i * 1000, i / 1000))
    expect(written.map((line) => /\d+%/.exec(line)?.[0])).toEqual(
      [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((percent) => `${percent}%`),
    )
  })

  it('is a line at twice the time where the end is not known', () => {
    const written: string[] = []
    const show = terminalProgress<Standing>({
      detail: () => '',
      stream: { write: (text) => written.push(text) },
    })
    for (let seconds = 1; seconds <= 60; seconds++) show(standing(seconds * 1000, undefined))
    expect(written).toEqual([5, 10, 20, 40].map((s) => `gradient: reverse, ${s}.0 s so far\n`))
  })
})

it.each([
  [12.4, '12 ms'],
  [999.6, '1.0 s'],
  [59_949, '59.9 s'],
  [59_951, '1 min 00 s'],
  [125_000, '2 min 05 s'],
  [3_780_000, '1 h 03 min'],
])('%d ms are %s', (milliseconds, words) => {
  expect(showDuration(milliseconds)).toBe(words)
})
