/** Shapes on a canvas: neighbours that look alike become one path. */
import { FONT_SIZE, isAlike, type Line, type Shape, strokeOf } from './shapes.js'
import { colourOf, type Theme } from './themes.js'

/** Paints shapes in order over what is there. The context's unit must be a CSS pixel. */
export function paint(context: CanvasRenderingContext2D, shapes: readonly Shape[], theme: Theme): void {
  let path: Line | undefined
  const stroke = () => {
    if (path === undefined) return
    context.globalAlpha = path.opacity ?? 1
    context.stroke()
    context.globalAlpha = 1
    path = undefined
  }
  for (const shape of shapes) {
    if (shape.type !== 'line') stroke()
    const colour = colourOf(theme, shape.ink)
    switch (shape.type) {
      case 'line':
        if (path === undefined || !isAlike(path, shape)) {
          stroke()
          path = shape
          context.beginPath()
          context.strokeStyle = colour
          context.lineWidth = shape.width
          context.setLineDash(shape.dash === undefined ? [] : [...shape.dash])
        }
        context.moveTo(...shape.from)
        context.lineTo(...shape.to)
        break
      case 'box':
        context.globalAlpha = shape.opacity
        context.fillStyle = colour
        context.fillRect(shape.x, shape.y, shape.width, shape.height)
        context.globalAlpha = 1
        break
      case 'square':
        context.fillStyle = colour
        context.fillRect(shape.x - shape.size, shape.y - shape.size, 2 * shape.size, 2 * shape.size)
        break
      case 'ring':
        context.beginPath()
        context.arc(shape.x, shape.y, shape.size, 0, 2 * Math.PI)
        context.fillStyle = theme.background
        context.fill()
        context.setLineDash([])
        context.lineWidth = strokeOf(shape.size)
        context.strokeStyle = colour
        context.stroke()
        break
      case 'cross':
        context.beginPath()
        context.moveTo(shape.x - shape.size, shape.y - shape.size)
        context.lineTo(shape.x + shape.size, shape.y + shape.size)
        context.moveTo(shape.x - shape.size, shape.y + shape.size)
        context.lineTo(shape.x + shape.size, shape.y - shape.size)
        context.setLineDash([])
        context.lineWidth = strokeOf(shape.size)
        context.strokeStyle = colour
        context.stroke()
        break
      case 'text':
        context.font = `${shape.isBold ? 'bold ' : ''}${FONT_SIZE}px system-ui, sans-serif`
        context.fillStyle = colour
        context.textAlign = shape.anchor === 'middle' ? 'center' : shape.anchor
        context.fillText(shape.text, shape.x, shape.y)
    }
  }
  stroke()
}
