/** Pixels and arrows as marks of a plot whose positions are known, so that they need no scale. */
import type * as Plot from '@observablehq/plot'

/** An image in a rectangle. */
export function imageMark(src: string, x: number, y: number, width: number, height: number): Plot.Markish {
  return shape('image', { href: src, x, y, width, height, preserveAspectRatio: 'none' })
}

/** A triangle with this base and tip. */
export function triangleMark(
  points: readonly (readonly [x: number, y: number])[],
  fill: string,
): Plot.Markish {
  const path = points.map((point) => point.join(' ')).join('L')
  return shape('path', { d: `M${path}Z`, fill, stroke: 'currentColor' })
}

function shape(name: string, attributes: Readonly<Record<string, string | number>>): Plot.Markish {
  return (_index, _scales, _channels, _dimensions, context) => {
    const made = context.ownerSVGElement.ownerDocument.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
    return made
  }
}
