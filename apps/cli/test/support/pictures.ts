/**
 * Pictures compared with stored ones, pixel by pixel and tolerantly: letters and edges may differ a little. `UPDATE=1` stores what is
 * drawn; look at it before you commit it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Resvg } from '@resvg/resvg-js'
import { decode, encode } from 'fast-png'
import pixelmatch from 'pixelmatch'
import { expect } from 'vitest'

const stored = fileURLToPath(new URL('../pictures', import.meta.url))
const seen = fileURLToPath(new URL('../../out', import.meta.url))
/** How many pixels may differ, of all. */
const TOLERANCE = 0.0001

interface Picture {
  readonly width: number
  readonly height: number
  /** RGBA. */
  readonly data: Uint8Array
}

/** Expects a PNG, or SVG text, to look like `test/pictures/NAME.png`, which is half as wide and high. */
export function expectPicture(name: string, drawn: Uint8Array | string): void {
  const picture = halved(decoded(typeof drawn === 'string' ? rendered(drawn) : drawn))
  const file = join(stored, `${name}.png`)
  if (process.env['UPDATE'] === '1') writeFileSync(file, encoded(picture))
  if (!existsSync(file)) throw new Error(`There is no ${file}; UPDATE=1 stores it.`)
  const { width, height, data } = decoded(readFileSync(file))
  expect([picture.width, picture.height], `size of ${name}`).toEqual([width, height])
  const differences = new Uint8Array(width * height * 4)
  const share =
    pixelmatch(data, picture.data, differences, width, height, { threshold: 0.1 }) / (width * height)
  if (share <= TOLERANCE) return
  mkdirSync(seen, { recursive: true })
  writeFileSync(join(seen, `${name}.png`), encoded(picture))
  writeFileSync(join(seen, `${name}.differences.png`), encoded({ width, height, data: differences }))
  throw new Error(
    `${name} differs from ${file} in ${(100 * share).toFixed(2)} % of its pixels; see ${seen}. If it is meant: UPDATE=1.`,
  )
}

function decoded(png: Uint8Array): Picture {
  const { width, height, data, channels } = decode(png)
  expect(channels).toBe(4)
  return { width, height, data: Uint8Array.from(data) }
}

function encoded({ width, height, data }: Picture): Uint8Array {
  return encode({ width, height, data, channels: 4, depth: 8 })
}

/** As the command does, but by itself: what a viewer with the font would show of an SVG. */
function rendered(svg: string): Uint8Array {
  const { resolve } = createRequire(import.meta.url)
  const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) =>
    resolve(`dejavu-fonts-ttf/ttf/${file}`),
  )
  const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' }
  return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: 2 } }).render().asPng()
}

/** Each pixel the mean of four: a quarter of the bytes, and edges that depend less on how they were drawn. */
function halved({ width, height, data }: Picture): Picture {
  const [w, h] = [width >> 1, height >> 1]
  const half = new Uint8Array(w * h * 4)
  for (let y = 0; y < h; y++) {
    for (let i = 0; i < 4 * w; i++) {
      const at = 8 * y * width + 8 * (i >> 2) + (i & 3)
      half[4 * y * w + i] =
        (data[at]! + data[at + 4]! + data[at + 4 * width]! + data[at + 4 * width + 4]! + 2) >> 2
    }
  }
  return { width: w, height: h, data: half }
}
