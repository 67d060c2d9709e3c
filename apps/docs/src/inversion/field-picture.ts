/** A field over depth and distance, as a picture with its colours explained. */
import { defineComponent, h, onMounted, type PropType, shallowRef, watch } from 'vue'

type Rgb = readonly [number, number, number]
/** From low to high; equally spaced. */
const scales: Readonly<Record<'velocity' | 'gradient', readonly Rgb[]>> = {
  velocity: [
    [250, 243, 196],
    [98, 186, 161],
    [44, 62, 120],
  ],
  gradient: [
    [30, 73, 150],
    [247, 247, 247],
    [165, 30, 34],
  ],
}

export interface FieldProps {
  readonly title: string
  readonly scale: keyof typeof scales
  readonly shape: readonly [depth: number, distance: number]
  readonly values: Float64Array
  /** What the ends of the scale stand for. */
  readonly ends: readonly [number, number]
  readonly endTexts: readonly [string, string]
}

export const FieldPicture = defineComponent({
  name: 'FieldPicture',
  props: {
    title: { type: String, required: true },
    scale: { type: String as PropType<keyof typeof scales>, required: true },
    shape: { type: Array as unknown as PropType<readonly [number, number]>, required: true },
    values: { type: Object as PropType<Float64Array>, required: true },
    ends: { type: Array as unknown as PropType<readonly [number, number]>, required: true },
    endTexts: { type: Array as unknown as PropType<readonly [string, string]>, required: true },
  },
  setup(props) {
    const canvas = shallowRef<HTMLCanvasElement>()
    const draw = () => {
      const context = canvas.value?.getContext('2d')
      if (!context) return
      const [depth, distance] = props.shape
      const image = context.createImageData(distance, depth)
      const [low, high] = props.ends
      for (const [i, value] of props.values.entries()) {
        const [red, green, blue] = colourAt(scales[props.scale], (value - low) / (high - low || 1))
        image.data.set([red, green, blue, 255], 4 * i)
      }
      context.putImageData(image, 0, 0)
    }
    onMounted(draw)
    watch([() => props.values, () => props.ends], draw, { flush: 'post' })
    return () => {
      const stops = scales[props.scale].map((rgb) => `rgb(${rgb.join(' ')})`).join(', ')
      const [low, high] = props.endTexts
      return h('figure', { class: 'field-picture' }, [
        h('figcaption', props.title),
        h('canvas', {
          ref: canvas,
          width: props.shape[1],
          height: props.shape[0],
          role: 'img',
          'aria-label': `${props.title}, depth downwards, distance to the right; from ${low} to ${high}`,
        }),
        h('div', { class: 'scale' }, [
          h('span', low),
          h('span', { class: 'bar', style: { background: `linear-gradient(to right, ${stops})` } }),
          h('span', high),
        ]),
      ])
    }
  },
})

function colourAt(scale: readonly Rgb[], part: number): Rgb {
  const at = Math.max(0, Math.min(1, part)) * (scale.length - 1)
  const i = Math.min(scale.length - 2, Math.floor(at))
  const [from, to] = [scale[i]!, scale[i + 1]!]
  const mixed = (k: 0 | 1 | 2) => Math.round(from[k] + (at - i) * (to[k] - from[k]))
  return [mixed(0), mixed(1), mixed(2)]
}
