/** The diagram alone, small, to be compared with others at a glance: no title, legend, axes, marks or occupancy. */
import { type Across, type Extent, wholeView } from './axes.js'
import { Ranges } from './ranges.js'
import type { Recording } from './recording.js'
import { diagramOf } from './scene.js'
import { elements, escaped } from './svg.js'
import { type Ground, themeFor } from './themes.js'

/** How the sketch is made. */
export interface SketchSettings {
  /** What it shows, for those who cannot see it. */
  readonly title: string
  /** In pixels; by default 320 by 120. */
  readonly width?: number | undefined
  readonly height?: number | undefined
  /** By default time. */
  readonly across?: Across | undefined
  /** Of all sketches that this one is compared with. */
  readonly extent?: Extent | undefined
  /** The ground that it is for, by default light; it has none itself. */
  readonly theme?: Ground | undefined
}

const MARGIN = 4

/**
 * The whole recording as a small SVG picture. Its size is bounded by its width, however many actions there are.
 *
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { record, toSketch } from '@checkpoint-schedules/space-time'
 *
 * const svg = toSketch(record(multistage({ steps: 10, snapshotsInRam: 3 })), { title: 'Multistage', theme: 'dark' })
 * svg.slice(0, 4) // '<svg'
 * ```
 */
export function toSketch(recording: Recording, settings: SketchSettings): string {
  const { title, width = 320, height = 120, across = 'time', extent, theme = 'light' } = settings
  const frame = { left: MARGIN, top: MARGIN, width: width - 2 * MARGIN, height: height - 2 * MARGIN }
  const view = wholeView(recording, across, extent)
  const shapes = diagramOf(recording, new Ranges(recording), view, frame)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escaped(title)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    ...elements(shapes, themeFor(theme)),
    '</svg>\n',
  ].join('\n')
}
