// Figures as text, at most 80 columns wide.

const NAME = 37

/** The lines of a part's figures: those that say the same of several cases stand under one heading. */
export function figureLines(title, figures) {
  const lines = ['', title]
  for (const heading of new Set(figures.map(({ figure }) => figure))) {
    lines.push('', columns(heading, 'figure', 'spread', 'goal', ''))
    for (const it of figures) if (it.figure === heading) lines.push(...figureLine(it))
  }
  return lines.map((line) => line.trimEnd())
}

function figureLine({ name, unit, value, low, high, values, goal, verdict = '', distribution }) {
  const spread = values.length > 1 ? `${number(low)} to ${number(high)}` : ''
  const line = columns(`  ${name}`, `${number(value)} ${unit}`.trim(), spread, goalText(goal), verdict)
  return distribution ? [line, ...wrapped(values.map(number), 4)] : [line]
}

/** The lines of a comparison with `what`: what changed, and how many figures did not. */
export function comparisonLines(what, compared) {
  const of = (change) => compared.filter((it) => it.change === change)
  const lines = ['', `Against ${what}`]
  for (const change of ['worse', 'better']) {
    if (of(change).length > 0) lines.push('', columns(change, 'now', 'before', '', ''))
    const headings = new Set(of(change).map(({ figure }) => headingOf(figure)))
    for (const heading of headings) {
      lines.push(`  ${heading}`)
      for (const { figure, old } of of(change).filter((it) => headingOf(it.figure) === heading)) {
        const now = `${number(figure.value)} ${figure.unit}`.trim()
        lines.push(columns(`    ${figure.name}`, now, number(old.value), '', ''))
      }
    }
  }
  lines.push('', `${of('within noise').length} of ${compared.length} figures: no change beyond the noise.`)
  return lines.map((line) => line.trimEnd())
}

/** A warning that what was measured says little. */
export function busyLine(share) {
  const percent = (100 * share).toFixed(0)
  return `The machine was busy: work waited for a processor ${percent} % of the time.\nRepeat this on a quiet one before you trust a verdict.`
}

/** What was met and what was missed. */
export function summaryLine(figures) {
  const count = (verdict) => figures.filter((it) => it.verdict === verdict).length
  return `Goals: ${count('met')} met, ${count('missed')} missed.`
}

const headingOf = ({ part, figure }) => `${part}: ${figure}`

function columns(name, value, spread, goal, verdict) {
  const cells = [value.padStart(10), spread.padStart(15), goal.padStart(8), verdict.padStart(6)].join(' ')
  return name.length <= NAME ? `${name.padEnd(NAME)}${cells}` : `${name}\n${' '.repeat(NAME)}${cells}`
}

function wrapped(words, indent) {
  const lines = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last !== undefined && `${last} ${word}`.length <= 80) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(`${' '.repeat(indent)}${word}`)
  }
  return lines
}

function goalText(goal) {
  if (goal === undefined) return ''
  const [sign, bound] = goal.atMost === undefined ? ['≥', goal.atLeast] : ['≤', goal.atMost]
  return `${sign} ${bound !== 0 && bound < 0.01 ? bound.toExponential() : bound}`
}

function number(x) {
  const size = Math.abs(x)
  if (size !== 0 && size < 0.01) return x.toExponential(1)
  return x.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
}
