/** Observable Plot charts, rendered without a browser and combined on one sheet. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'

/** The font of all text, in the PNG as well. */
export const FONT = 'DejaVu Sans'
const INK = '#222'

/** A plot and the position of its upper left corner. */
export interface Placed {
  readonly x: number
  readonly y: number
  readonly plot: Plot.PlotOptions
}

/** A line of text above the plots. */
export interface Caption {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly size: number
  readonly isBold?: boolean
}

/** A sheet of the given size with its plots and captions, as SVG text. */
export function sheet(
  width: number,
  height: number,
  captions: readonly Caption[],
  plots: readonly Placed[],
): string {
  const texts = captions.map(
    ({ text, x, y, size, isBold }) =>
      `<text x="${x}" y="${y}" font-size="${size}"${isBold ? ' font-weight="bold"' : ''}>${escapeXml(text)}</text>`,
  )
  const groups = plots.map(
    ({ x, y, plot }) => `<g transform="translate(${x},${y})" text-anchor="middle">${render(plot)}</g>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ` font-family="${FONT}, sans-serif" font-size="12" fill="${INK}" color="${INK}">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...texts,
    ...groups,
    '</svg>\n',
  ].join('\n')
}

function render(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const svg = Plot.plot({ ...options, document })
  // The style sheet is for web pages. In a stand-alone file it has no effect and uses features that SVG readers lack.
  svg.querySelector('style')?.remove()
  return svg.innerHTML
}

/** Untrusted text, made safe inside SVG. */
export function escapeXml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  // XML has no way to write most control characters.
  return text.replace(/\p{Cc}/gu, ' ').replace(/[&<>"']/g, (c) => entities[c]!)
}
