/** What the sensor saw of a pendulum, as dots, and what the network makes of it, as a line. */
import { h, type VNode } from 'vue'
import type { Curve } from './training-run.js'

const [WIDTH, HEIGHT, LEFT, FOOT] = [720, 240, 44, 26]

/** @param seconds - Between two values. */
export function motionPicture(measured: Curve, predicted: Curve | undefined, seconds: number): VNode {
  const most = 1.1 * Math.max(0.1, ...measured.map(Math.abs))
  const x = (k: number) => LEFT + (k / Math.max(1, measured.length - 1)) * (WIDTH - LEFT - 8)
  const middle = (HEIGHT - FOOT) / 2
  // A network that is not trained yet may leave the picture.
  const y = (angle: number) => middle - Math.max(-1, Math.min(1, angle / most)) * (middle - 4)
  const path = (angles: Curve) =>
    `M${angles.map((it, k) => `${x(k).toFixed(1)} ${y(it).toFixed(1)}`).join('L')}`
  const text = (x: number, y: number, anchor: string, it: string) =>
    h('text', { x, y, 'text-anchor': anchor, 'font-size': 12, fill: 'currentColor' }, it)
  const duration = seconds * (measured.length - 1)
  return h(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'aria-label': 'The angle of one pendulum over time: measured, and as the network has it',
    },
    [
      h('path', {
        d: `M${LEFT} 4V${HEIGHT - FOOT}M${LEFT} ${middle}H${WIDTH - 8}`,
        stroke: 'currentColor',
        'stroke-opacity': 0.4,
      }),
      text(LEFT - 6, 14, 'end', most.toFixed(1)),
      text(LEFT - 6, middle + 4, 'end', '0'),
      text(LEFT - 6, HEIGHT - FOOT, 'end', (-most).toFixed(1)),
      text(LEFT, HEIGHT - 8, 'start', 'angle in rad: dots, as measured; line, by the network'),
      text(WIDTH - 8, HEIGHT - 8, 'end', `${Number(duration.toFixed(1))} s`),
      ...measured.map((it, k) =>
        h('circle', { cx: x(k).toFixed(1), cy: y(it).toFixed(1), r: 1.6, fill: '#0072b2' }),
      ),
      predicted && h('path', { d: path(predicted), fill: 'none', stroke: '#d55e00', 'stroke-width': 1.5 }),
    ],
  )
}
