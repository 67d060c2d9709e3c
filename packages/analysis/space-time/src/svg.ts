/** The space-time diagram as a standalone picture: plain SVG, with its title and legend. */
import { type Across, type Extent, wholeView } from './axes.js'
import { type Frame, heightOf, LEFT, RIGHT, TOP } from './frame.js'
import { legendOf } from './legend.js'
import { areMarked } from './marks.js'
import { Ranges } from './ranges.js'
import type { Recording } from './recording.js'
import { sceneOf } from './scene.js'
import { FONT_SIZE, isAlike, type Line, type Shape, strokeOf } from './shapes.js'
import { colourOf, type Ground, type Theme, themeFor } from './themes.js'

/** How the picture is made. */
export interface SvgSettings {
  /** A line above, such as `Revolve: 10 steps, 3 checkpoints`. */
  readonly title: string
  /** Smaller, below it. */
  readonly subtitle?: string | undefined
  /** In pixels: 480 … 10,000; by default as wide as the actions need, 640 … 1200. */
  readonly width?: number | undefined
  /** By default time. */
  readonly across?: Across | undefined
  /** Of all pictures that this one is compared with. */
  readonly extent?: Extent | undefined
  /** The ground that it is for; by default light. */
  readonly theme?: Ground | undefined
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
export function toSvg(recording: Recording, settings: SvgSettings): string {
  const { title, subtitle = '', across = 'time', extent, theme = 'light', font = 'sans-serif' } = settings
  const { width = widthFor(recording) } = settings
  const inner = width - LEFT - RIGHT
  const legend = legendOf(recording, areMarked(recording, inner), LEFT, HEAD, inner)
  const frame: Frame = {
    left: LEFT,
    top: HEAD + legend.height + TOP,
    width: inner,
    height: Math.max(160, Math.min(420, recording.steps * 26)),
  }
  const height = heightOf(recording, frame) + FOOT
  const view = wholeView(recording, across, extent)
  const shapes = [...legend.shapes, ...sceneOf(recording, new Ranges(recording), view, frame)]
  const colours = themeFor(theme)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escaped(title)}" width="${width}" height="${height}"`,
    ` viewBox="0 0 ${width} ${height}" font-family="${escaped(font)}" font-size="${FONT_SIZE}">`,
    `<rect width="${width}" height="${height}" fill="${colours.background}"/>`,
    `<text x="${LEFT}" y="26" font-size="16" font-weight="bold" fill="${colours.text}">${escaped(title)}</text>`,
    `<text x="${LEFT}" y="45" fill="${colours.muted}">${escaped(subtitle)}</text>`,
    ...elements(shapes, colours),
    '</svg>\n',
  ].join('\n')
}

const widthFor = ({ length }: Recording) => Math.max(640, Math.min(1200, LEFT + RIGHT + length * 14))

/** Shapes as SVG elements; neighbours that look alike become one path. */
export function elements(shapes: readonly Shape[], theme: Theme): string[] {
  const made: string[] = []
  let lines: Line[] = []
  const end = () => {
    if (lines.length > 0) made.push(path(lines, theme))
    lines = []
  }
  for (const shape of shapes) {
    const [first] = lines
    if (shape.type !== 'line' || (first !== undefined && !isAlike(first, shape))) end()
    if (shape.type === 'line') lines.push(shape)
    else made.push(element(shape, theme))
  }
  end()
  return made
}

function path(lines: readonly Line[], theme: Theme): string {
  const { ink, width, dash, opacity } = lines[0]!
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash.join(' ')}"`
  const seen = opacity === undefined ? '' : ` stroke-opacity="${opacity}"`
  const moves = lines.map(({ from: [x1, y1], to: [x2, y2] }) => `M${pair(x1, y1)}L${pair(x2, y2)}`)
  return `<path d="${moves.join('')}" fill="none" stroke="${colourOf(theme, ink)}" stroke-width="${width}"${dashes}${seen}/>`
}

function element(shape: Exclude<Shape, Line>, theme: Theme): string {
  const colour = colourOf(theme, shape.ink)
  const { x, y } = shape
  switch (shape.type) {
    case 'box':
      return `<rect x="${short(x)}" y="${short(y)}" width="${short(shape.width)}" height="${short(shape.height)}" fill="${colour}" fill-opacity="${shape.opacity}"/>`
    case 'square': {
      const side = short(2 * shape.size)
      return `<rect x="${short(x - shape.size)}" y="${short(y - shape.size)}" width="${side}" height="${side}" fill="${colour}"/>`
    }
    case 'ring':
      return `<circle cx="${short(x)}" cy="${short(y)}" r="${short(shape.size)}" fill="${theme.background}" stroke="${colour}" stroke-width="${strokeOf(shape.size)}"/>`
    case 'cross': {
      const [left, right, top, bottom] = [x - shape.size, x + shape.size, y - shape.size, y + shape.size]
      return `<path d="M${pair(left, top)}L${pair(right, bottom)}M${pair(left, bottom)}L${pair(right, top)}" fill="none" stroke="${colour}" stroke-width="${strokeOf(shape.size)}"/>`
    }
    case 'text': {
      const weight = shape.isBold ? ' font-weight="bold"' : ''
      return `<text x="${short(x)}" y="${short(y)}" text-anchor="${shape.anchor}" fill="${colour}"${weight}>${escaped(shape.text)}</text>`
    }
  }
}

const short = (value: number) => Math.round(value * 10) / 10
const pair = (x: number, y: number) => `${short(x)} ${short(y)}`

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
