/** A line chart on a canvas: one curve over the grid, redrawn at each call. */

interface Curve {
  readonly label: string
  readonly values: ArrayLike<number>
  readonly dash: readonly number[]
  readonly colour: string
}

const LEFT = 72
const FOOT = 34
const TOP = 10

/** Draws a curve over 0 … 1 with an axis of its own. */
export function drawChart(canvas: HTMLCanvasElement, { values, dash, colour, label }: Curve): void {
  const ratio = Math.min(3, devicePixelRatio || 1)
  const width = canvas.clientWidth
  const height = canvas.clientHeight
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  const context = canvas.getContext('2d')
  if (context === null) return
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  const ink = getComputedStyle(canvas).color
  const all = Array.from(values)
  const low = Math.min(0, ...all)
  const high = Math.max(low + 1e-12, ...all)
  const x = (i: number) => LEFT + ((i + 1) / (all.length + 1)) * (width - LEFT - 12)
  const y = (value: number) => TOP + ((high - value) / (high - low)) * (height - TOP - FOOT)
  context.font = '12px system-ui, sans-serif'
  context.fillStyle = ink
  context.strokeStyle = ink
  context.globalAlpha = 0.4
  context.beginPath()
  context.moveTo(LEFT, TOP)
  context.lineTo(LEFT, height - FOOT)
  context.lineTo(width - 12, height - FOOT)
  context.stroke()
  context.globalAlpha = 1
  context.textAlign = 'right'
  context.fillText(axisText(high), LEFT - 6, TOP + 9)
  context.fillText(axisText(low), LEFT - 6, height - FOOT)
  context.textAlign = 'center'
  context.fillText('0', LEFT, height - FOOT + 15)
  context.fillText('1', width - 12, height - FOOT + 15)
  context.fillText(`${label} over x`, (LEFT + width) / 2, height - FOOT + 28)
  context.strokeStyle = colour
  context.lineWidth = 2
  context.setLineDash([...dash])
  context.beginPath()
  for (const [i, value] of all.entries()) context[i === 0 ? 'moveTo' : 'lineTo'](x(i), y(value))
  context.stroke()
}

const axisText = (value: number) => String(Number(value.toPrecision(3)))
