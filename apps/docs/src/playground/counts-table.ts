/** Statistics of the schedules, one column for each. */
import { h, type VNode } from 'vue'
import type { Counts } from './request.js'

const UNKNOWN = 'not known'

/** A table with a column for each of the counts; `stateBytes` shows memory in bytes too. */
export function countsTable(columns: readonly Counts[], stateBytes: number | undefined): VNode {
  const storages = [...new Set(columns.flatMap(({ peak }) => Object.keys(peak)))]
  const held = (count: number) =>
    stateBytes === undefined ? number(count) : `${number(count)} (${bytes(count * stateBytes)})`
  const rows: readonly (readonly [string, (it: Counts) => string])[] = [
    ['Actions', (it) => number(it.actions)],
    ['Forward steps', (it) => number(it.forwardSteps)],
    ['Forward steps, by theory', (it) => optional(it.theoryForwardSteps)],
    ['Recompute factor', (it) => number(it.recomputeFactor)],
    ['Time', (it) => number(it.makespan)],
    ['Time, by theory', (it) => optional(it.theoryMakespan)],
    ...storages.flatMap((storage) => [
      [`Most held in ${storage}`, (it: Counts) => held(it.peak[storage] ?? 0)] as const,
      [`Written to ${storage}`, (it: Counts) => number(it.writes[storage] ?? 0)] as const,
      [`Read from ${storage}`, (it: Counts) => number(it.reads[storage] ?? 0)] as const,
      [
        `Discarded from ${storage}`,
        (it: Counts) => (it.discards[storage] ? number(it.discards[storage]) : UNKNOWN),
      ] as const,
    ]),
  ]
  const shown = rows.filter(([, value]) => columns.some((it) => value(it) !== UNKNOWN))
  return h('table', { class: 'counts' }, [
    h(
      'thead',
      h('tr', [
        h('th', { scope: 'col' }, 'In one run'),
        ...columns.map(({ name }) => h('th', { scope: 'col' }, name)),
      ]),
    ),
    h(
      'tbody',
      shown.map(([label, value]) =>
        h('tr', [h('th', { scope: 'row' }, label), ...columns.map((it) => h('td', value(it)))]),
      ),
    ),
  ])
}

const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 3 })
const optional = (value: number | undefined) => (value === undefined ? UNKNOWN : number(value))

/** `1.2 GB`, in powers of 1000. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)))
  return `${Number((count / 1000 ** unit).toPrecision(3)).toLocaleString('en-US')} ${units[unit]}`
}
