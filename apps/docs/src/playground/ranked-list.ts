/** Schedules that fit a budget as cards, fastest first; then those that do not, and why. */
import { withBase } from 'vitepress'
import { h, type VNode } from 'vue'
import type { BudgetAnswer, Ranked } from './budget.js'
import { bytes } from './counts-table.js'

export function rankedList(
  { ranked, leftOut, assumptions }: Extract<BudgetAnswer, { ranked: unknown }>,
  isDark: boolean,
): VNode[] {
  const best = ranked[0]!.wallTime
  return [
    h('h2', { class: 'ranking-title' }, 'Fastest first'),
    h(
      'p',
      { class: 'ranking-key' },
      'Predicted wall time, transfers overlapping with computation. In the pictures steps go down and time across, without overlap; checkpoints in memory are green, those on disk yellow.',
    ),
    h(
      'ol',
      { class: 'ranking' },
      ranked.map((it) => card(it, best, isDark)),
    ),
    assumptions.length === 0
      ? h('div')
      : h('p', { class: 'assumptions' }, `Assumed: ${assumptions.join('; ')}.`),
    leftOut.length === 0
      ? h('div')
      : h('details', { class: 'left-out' }, [
          h('summary', `Left out: ${leftOut.map(({ family }) => family).join(', ')}`),
          h(
            'ul',
            leftOut.map(({ family, reason }) =>
              h('li', [h('strong', family), ` ${reason.replace(/^\w+: /, 'reports: ')}.`]),
            ),
          ),
        ]),
  ]
}

function card(it: Ranked, best: number, isDark: boolean): VNode {
  const { name, options, query, pictures, wallTime, peakBytes, forwardSteps, recomputeFactor, basis } = it
  const title = query === undefined ? name : openable(name, query)
  const times = wallTime / best
  const src = pictures && `data:image/svg+xml,${encodeURIComponent(isDark ? pictures.dark : pictures.light)}`
  const rows: readonly (readonly [string, string])[] = [
    ['memory', bytes(peakBytes.RAM)],
    ['disk', peakBytes.DISK === 0 ? 'none' : bytes(peakBytes.DISK)],
    ['forward steps', `${number(forwardSteps)} (${number(recomputeFactor)} × N)`],
  ]
  return h('li', { key: name + options }, [
    h('h3', title),
    h('p', { class: 'wall' }, [
      h('strong', duration(wallTime)),
      times > 1.005 ? ` ${times.toFixed(2)} × the fastest` : '',
      basis === 'theory' ? ' by theory, without overlap' : '',
    ]),
    src === undefined
      ? h('p', { class: 'undrawn' }, 'Too many steps to draw.')
      : h('img', { src, alt: `Diagram of ${name}`, width: 320, height: 120 }),
    h(
      'dl',
      rows.map(([label, value]) => h('div', [h('dt', label), h('dd', value)])),
    ),
    h('code', options),
  ])
}

const openable = (name: string, query: string) =>
  h('a', { href: withBase(`/playground.html?${query}`), target: '_self' }, name)

const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 2 })

const units = [
  ['s', 1],
  ['min', 60],
  ['h', 3600],
  ['days', 86_400],
  ['years', 31_557_600],
] as const

/** `10.76 h`. */
export function duration(seconds: number): string {
  const [unit, size] = units.findLast(([, least]) => seconds >= 2 * least) ?? units[0]
  return `${Number((seconds / size).toPrecision(4)).toLocaleString('en-US', { maximumFractionDigits: 3 })} ${unit}`
}
