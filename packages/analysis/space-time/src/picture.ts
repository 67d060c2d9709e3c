/** The viewer's picture: a canvas with the diagram, and one above it with the line of the present action. */
import { actionAcross, type Across, edgeOf, type Extent, type View, wholeView } from './axes.js'
import { paint } from './canvas.js'
import { element } from './elements.js'
import { type Frame, heightOf, LEFT, RIGHT, TOP } from './frame.js'
import { legendOf } from './legend.js'
import { areMarked } from './marks.js'
import { Ranges } from './ranges.js'
import type { Recording } from './recording.js'
import { sceneOf } from './scene.js'
import { type Theme, themeFor } from './themes.js'

const MOST_ZOOM = 1e6

export class Picture {
  readonly root = element('div', { class: 'picture' })
  readonly canvas = element('canvas', { role: 'img', tabindex: 0 })
  readonly #cursor = element('canvas', { 'aria-hidden': 'true' })
  #recording: Recording
  #ranges: Ranges
  #view: View
  #frame: Frame = { left: LEFT, top: TOP, width: 1, height: 1 }
  #legend: ReturnType<typeof legendOf> = { shapes: [], height: 0 }
  #extent: Extent | undefined
  #at = 0

  constructor(recording: Recording, across: Across, extent: Extent | undefined) {
    this.#recording = recording
    this.#ranges = new Ranges(recording)
    this.#extent = extent
    this.#view = wholeView(recording, across, extent)
    this.root.append(this.canvas, this.#cursor)
  }

  /** Shows another recording, as a whole. */
  show(recording: Recording, extent: Extent | undefined): void {
    this.#recording = recording
    this.#ranges = new Ranges(recording)
    this.#extent = extent
    this.#at = 0
    this.showAll()
  }

  get across(): Across {
    return this.#view.across
  }

  set across(across: Across) {
    this.#view = this.#whole(across)
    this.draw()
  }

  get isWhole(): boolean {
    const { left, right } = this.#whole()
    return this.#view.left <= left && this.#view.right >= right
  }

  /** The action below a point of the canvas; `undefined` outside the diagram. */
  actionAt(x: number, y: number): number | undefined {
    const { left, top, width } = this.#frame
    if (x < left || x > left + width || y < top || y > this.canvas.clientHeight) return undefined
    const { left: from, right } = this.#view
    return actionAcross(this.#recording, this.across, from + ((x - left) / width) * (right - from))
  }

  /** Marks action `i` as the present one, and brings it into view. */
  moveTo(i: number): void {
    this.#at = i
    const [from, to] = [edgeOf(this.#recording, this.across, i), edgeOf(this.#recording, this.across, i + 1)]
    const { left, right } = this.#view
    const middle = (from + to) / 2
    if (middle < left || middle > right) this.#lookAt(middle, right - left, this.#step(i))
    else this.#drawCursor()
  }

  /** Magnifies by `factor` around action `i`; below 1 makes it smaller. */
  zoom(factor: number, i = this.#at): void {
    const { left, right, top, bottom } = this.#view
    const whole = this.#whole()
    const width = Math.max((whole.right - whole.left) / MOST_ZOOM, (right - left) / factor)
    const middle = (edgeOf(this.#recording, this.across, i) + edgeOf(this.#recording, this.across, i + 1)) / 2
    this.#lookAt(middle, width, this.#step(i), (bottom - top) / factor)
  }

  /** Shows everything. */
  showAll(): void {
    this.#view = this.#whole()
    this.draw()
  }

  /** Moves the view by pixels. */
  pan(x: number, y: number): void {
    const { left, right, top, bottom } = this.#view
    const across = (x / this.#frame.width) * (right - left)
    const down = (y / this.#frame.height) * (bottom - top)
    this.#setView(left + across, right - left, top + down, bottom - top)
  }

  /** Redraws everything, in the current size and colours. */
  draw(): void {
    const width = Math.max(240, this.root.clientWidth)
    const narrow = width < 560
    const marked = areMarked(this.#recording, width - LEFT - RIGHT)
    this.#legend = legendOf(
      this.#recording,
      marked,
      narrow ? 8 : LEFT,
      4,
      width - (narrow ? 16 : LEFT + RIGHT),
    )
    const top = this.#legend.height + TOP
    this.#frame = { left: LEFT, top, width: width - LEFT - RIGHT, height: narrow ? 280 : 380 }
    const height = heightOf(this.#recording, this.#frame) + 6
    const context = sized(this.canvas, width, height)
    if (context === null) return
    const theme = this.#theme()
    paint(context, this.#legend.shapes, theme)
    paint(context, sceneOf(this.#recording, this.#ranges, this.#view, this.#frame), theme)
    this.#drawCursor()
  }

  #whole(across = this.across): View {
    return wholeView(this.#recording, across, this.#extent)
  }

  #drawCursor(): void {
    const { clientWidth, clientHeight } = this.canvas
    const context = sized(this.#cursor, clientWidth, clientHeight)
    // At the beginning there is nothing to point at, and the band would cover the numbers of the axis.
    if (context === null || this.#at === 0) return
    const { left, right } = this.#view
    const { across } = this
    const pixel = (i: number) =>
      this.#frame.left + ((edgeOf(this.#recording, across, i) - left) / (right - left)) * this.#frame.width
    const from = Math.max(this.#frame.left, pixel(this.#at))
    const to = Math.min(this.#frame.left + this.#frame.width, Math.max(from + 1.5, pixel(this.#at + 1)))
    if (to < from) return
    context.fillStyle = this.#theme().forward
    context.globalAlpha = 0.22
    context.fillRect(from, this.#frame.top - 8, to - from, clientHeight - this.#frame.top + 4)
    context.globalAlpha = 1
    context.fillRect(from, this.#frame.top - 8, 1.5, clientHeight - this.#frame.top + 4)
  }

  /** Light text means dark ground. */
  #theme(): Theme {
    const [red = 0, green = 0, blue = 0] = (getComputedStyle(this.root).color.match(/[\d.]+/g) ?? []).map(
      Number,
    )
    return 0.3 * red + 0.6 * green + 0.1 * blue > 140 ? themeFor('dark') : themeFor('light')
  }

  #step(i: number): number {
    return (this.#recording.starts[i]! + this.#recording.ends[i]!) / 2
  }

  #lookAt(middle: number, width: number, step: number, height = this.#view.bottom - this.#view.top): void {
    this.#setView(middle - width / 2, width, step - height / 2, height)
  }

  #setView(left: number, width: number, top: number, height: number): void {
    const whole = this.#whole()
    const across = Math.min(width, whole.right)
    // At least two steps are in view, and never more than there are.
    const down = Math.min(Math.max(height, Math.min(2, whole.bottom)), whole.bottom)
    const from = Math.min(Math.max(0, left), whole.right - across)
    const upper = Math.min(Math.max(0, top), whole.bottom - down)
    this.#view = { across: this.across, left: from, right: from + across, top: upper, bottom: upper + down }
    this.draw()
  }
}

/** The canvas in this size, cleared, with CSS pixels as its unit. */
function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = Math.min(3, globalThis.devicePixelRatio || 1)
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  canvas.style.height = `${height}px`
  const context = canvas.getContext('2d')
  context?.setTransform(ratio, 0, 0, ratio, 0, 0)
  return context
}
