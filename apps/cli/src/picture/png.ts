/** SVG to PNG, with a bundled font: system fonts differ, and without any font text would silently be missing. */
import { createRequire } from 'node:module'
import { Resvg } from '@resvg/resvg-js'
import { FONT } from './svg.js'

/** Pixels for each unit of the SVG. */
const ZOOM = 2

const { resolve } = createRequire(import.meta.url)

export function toPng(svg: string): Uint8Array {
  const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) =>
    resolve(`dejavu-fonts-ttf/ttf/${file}`),
  )
  return new Resvg(svg, {
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: FONT },
    fitTo: { mode: 'zoom', value: ZOOM },
  })
    .render()
    .asPng()
}
