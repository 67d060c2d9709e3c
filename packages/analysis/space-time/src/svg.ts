/** The space-time diagram as a standalone picture: plain SVG, with its title and legend. */
import { type Across, wholeView } from './axes.js'
import { type Frame, heightOf, LEFT, RIGHT, TOP } from './frame.js'
import { legendOf } from './legend.js'
import { Ranges } from './ranges.js'
import type { Recording } from './recording.js'
import { sceneOf } from './scene.js'
import { colourOf, FONT_SIZE, lightTheme, MARK, type Shape, type Theme } from './shapes.js'

/** How the picture is made. */
export interface SvgSettings {
  /** A line above, such as `Revolve: 10 steps, 3 checkpoints`. */
  readonly title: string
  /** Smaller, below it. */
  readonly subtitle?: string | undefined
  /** In pixels: 480 … 10,000; by default as wide as the actions need, 640 … 1200. */
  readonly width?: number | undefined
  readonly across?: Across | undefined
  readonly font?: string | undefined
}

const HEAD = 54
const FOOT = 14

/**
 * The whole recording as SVG text. Its size is bounded by its width, however many actions there are.
 *
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { record, toSvg } from '@checkpoint-schedules/space-time'
 *
 * const svg = toSvg(record(multistage({ steps: 10, snapshotsInRam: 3 })), { title: 'Multistage: 10 steps' })
 * svg.slice(0, 4) // '<svg'
 * ```
 */
export function toSvg(
  recording: Recording,
  { title, subtitle = '', across = 'actions', font = 'sans-serif', width = widthFor(recording) }: SvgSettings,
): string {
  const legend = legendOf(recording, LEFT, HEAD, width - LEFT - RIGHT)
  const frame: Frame = {
    left: LEFT,
    top: HEAD + legend.height + TOP,
    width: width - LEFT - RIGHT,
    height: Math.max(160, Math.min(420, recording.steps * 26)),
  }
  const height = heightOf(recording, frame) + FOOT
  const shapes = [
    ...legend.shapes,
    ...sceneOf(recording, new Ranges(recording), wholeView(recording, across), frame),
  ]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escaped(title)}" width="${width}" height="${height}"`,
    ` viewBox="0 0 ${width} ${height}" font-family="${escaped(font)}" font-size="${FONT_SIZE}">`,
    `<rect width="${width}" height="${height}" fill="${lightTheme.background}"/>`,
    `<text x="${LEFT}" y="26" font-size="16" font-weight="bold" fill="${lightTheme.text}">${escaped(title)}</text>`,
    `<text x="${LEFT}" y="45" fill="${lightTheme.muted}">${escaped(subtitle)}</text>`,
    ...shapes.map((shape) => element(shape, lightTheme)),
    '</svg>\n',
  ].join('\n')
}

const widthFor = ({ length }: Recording) => Math.max(640, Math.min(1200, LEFT + RIGHT + length * 14))

/** One shape as an SVG element. */
export function element(shape: Shape, theme: Theme): string {
  const colour = colourOf(theme, shape.ink)
  switch (shape.type) {
    case 'line': {
      const dash = shape.dash === undefined ? '' : ` stroke-dasharray="${shape.dash.join(' ')}"`
      const [[x1, y1], [x2, y2]] = [shape.from.map(short), shape.to.map(short)] as [number[], number[]]
      return `<path d="M${x1} ${y1}L${x2} ${y2}" fill="none" stroke="${colour}" stroke-width="${shape.width}"${dash}/>`
    }
    case 'box':
      return `<rect x="${short(shape.x)}" y="${short(shape.y)}" width="${short(shape.width)}" height="${short(shape.height)}" fill="${colour}" fill-opacity="${shape.opacity}"/>`
    case 'square':
      return `<rect x="${short(shape.x - MARK)}" y="${short(shape.y - MARK)}" width="${2 * MARK}" height="${2 * MARK}" fill="${colour}"/>`
    case 'ring':
      return `<circle cx="${short(shape.x)}" cy="${short(shape.y)}" r="${MARK}" fill="${theme.background}" stroke="${colour}" stroke-width="2"/>`
    case 'cross': {
      const [left, right, top, bottom] = [shape.x - MARK, shape.x + MARK, shape.y - MARK, shape.y + MARK].map(
        short,
      )
      return `<path d="M${left} ${top}L${right} ${bottom}M${left} ${bottom}L${right} ${top}" fill="none" stroke="${colour}" stroke-width="2"/>`
    }
    case 'text': {
      const weight = shape.isBold ? ' font-weight="bold"' : ''
      return `<text x="${short(shape.x)}" y="${short(shape.y)}" text-anchor="${shape.anchor}" fill="${colour}"${weight}>${escaped(shape.text)}</text>`
    }
  }
}

const short = (value: number) => Math.round(value * 10) / 10

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that may come from anywhere, safe inside SVG and HTML. */
export function escaped(text: string): string {
  // XML has no way to write most control characters.
  return text.replace(/\p{Cc}/gu, ' ').replace(/[&<>"']/g, (it) => entities[it]!)
}
