/** The misfit of each iteration, in powers of ten. */
import { h, type VNode } from 'vue'

const [WIDTH, HEIGHT, LEFT, FOOT, TOP] = [720, 180, 60, 30, 10]

export function misfitCurve(misfits: readonly number[], iterations: number): VNode {
  const logs = misfits.map((it) => Math.log10(Math.max(it, Number.MIN_VALUE)))
  const high = Math.ceil(logs[0] ?? 0)
  const low = Math.min(high - 2, Math.floor(Math.min(...logs, high)))
  const x = (k: number) => LEFT + (k / Math.max(1, iterations)) * (WIDTH - LEFT - 10)
  const y = (log: number) => TOP + ((high - log) / (high - low)) * (HEIGHT - TOP - FOOT)
  const text = (x: number, y: number, anchor: string, it: string) =>
    h('text', { x, y, 'text-anchor': anchor, 'font-size': 12, fill: 'currentColor' }, it)
  const powers = Array.from({ length: high - low + 1 }, (_, i) => high - i)
  const line = logs.map((log, k) => `${x(k).toFixed(1)} ${y(log).toFixed(1)}`).join('L')
  return h(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'aria-label': `The misfit over ${misfits.length - 1} iterations, from ${exponential(misfits[0])} to ${exponential(misfits.at(-1))}`,
    },
    [
      ...powers.map((power) =>
        h('path', {
          d: `M${LEFT} ${y(power)}H${WIDTH - 10}`,
          stroke: 'currentColor',
          'stroke-opacity': 0.2,
        }),
      ),
      ...powers.map((power) => text(LEFT - 6, y(power) + 4, 'end', `1e${power}`)),
      text(LEFT, HEIGHT - 8, 'start', 'misfit by iteration'),
      text(WIDTH - 10, HEIGHT - 8, 'end', String(iterations)),
      h('path', { d: `M${line}`, fill: 'none', stroke: '#0072b2', 'stroke-width': 2 }),
      ...logs.map((log, k) =>
        h('circle', { cx: x(k).toFixed(1), cy: y(log).toFixed(1), r: 3, fill: '#0072b2' }),
      ),
    ],
  )
}

export const exponential = (value: number | undefined) => (value ?? Number.NaN).toExponential(2)
