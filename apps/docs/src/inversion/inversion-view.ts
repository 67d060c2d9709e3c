/** What the page of the inversion shows, from what it was told. */
import { h, type VNode } from 'vue'
import { bytes } from '../playground/counts-table.js'
import { labelled } from '../playground/fields.js'
import { FieldPicture, type FieldProps } from './field-picture.js'
import type { Chosen } from './gradient-within.js'
import type { Found, Memory, Progress, Shown } from './messages.js'

/** Positions of the sliders: 0 to this. */
export const ENDS = 100

export function slider(
  which: 'memory' | 'disk',
  label: string,
  position: number,
  value: string,
  isEnabled: boolean,
  drag: (which: 'memory' | 'disk', position: number) => void,
): VNode {
  const id = `inversion-${which}`
  return labelled(id, label, 'takes effect at the next gradient; the numbers stay the same', [
    h('input', {
      id,
      type: 'range',
      min: 0,
      max: ENDS,
      value: position,
      disabled: !isEnabled,
      'aria-describedby': `${id}-help`,
      'aria-valuetext': value,
      onInput: (event: Event) => drag(which, Number((event.target as HTMLInputElement).value)),
    }),
    h('output', { for: id }, value),
  ])
}

export function progressBar(progress: Progress | undefined, steps: number): VNode {
  const text =
    progress === undefined
      ? ''
      : progress.phase === 'reverse'
        ? `reverse, ${progress.reversed} of ${steps} steps`
        : progress.phase
  return h('div', { class: 'under-way' }, [
    h('progress', { max: 1, value: progress?.fraction ?? 0, 'aria-label': 'the gradient under way' }),
    h('span', text),
  ])
}

/** The pictures of a visit. A picture is drawn again when its values or ends are other ones, so make them anew only when these change. */
export function fieldsOf({ truth, shape }: Found, shown: Shown | undefined): FieldProps[] {
  const ends = [Math.min(...truth), Math.max(...truth)] as const
  const endTexts = ends.map((it) => `${Math.round(it).toLocaleString('en-US')} m/s`) as [string, string]
  const velocity = { scale: 'velocity' as const, shape, ends, endTexts }
  const known: FieldProps = { ...velocity, title: 'The ground as it is', values: truth }
  if (shown === undefined) return [known]
  // The edges gather the gradient of the absorbing layer: the highest hundredth is clipped.
  const sizes = shown.gradient.map(Math.abs).toSorted()
  const most = sizes[Math.floor(0.99 * sizes.length)] || 1
  return [
    known,
    { ...velocity, title: `As found, iteration ${shown.iteration}`, values: shown.velocity },
    {
      title: 'The gradient there',
      scale: 'gradient',
      shape,
      values: shown.gradient,
      ends: [-most, most],
      endTexts: ['faster fits better', 'slower fits better'],
    },
  ]
}

export function pictures(fields: readonly FieldProps[]): VNode {
  return h(
    'div',
    { class: 'fields' },
    fields.map((field) => h(FieldPicture, { ...field })),
  )
}

export function facts(
  { all, least, medium }: Found,
  next: Chosen | undefined,
  measured: { readonly memory: Memory; readonly chosen: Chosen } | undefined,
  shown: Shown | undefined,
): VNode {
  const rows: (readonly [string, string])[] = []
  if (next !== undefined) rows.push(['Schedule', `${next.family}${optionsText(next.options)}`])
  if (measured !== undefined) {
    const { peak, held, onDisk, forwardSteps, recomputeFactor } = measured.memory
    const { budget } = measured.chosen
    rows.push(
      [
        'Forward steps for a gradient',
        `${forwardSteps.toLocaleString('en-US')}, ${recomputeFactor.toFixed(2)} times the steps`,
      ],
      ['Most checkpoints at once', held],
      ['Most bytes in memory, measured', `${bytes(peak)} of ${bytes(budget.memory)} allowed`],
      [
        `Most bytes on disk (${medium ?? 'none'})`,
        budget.disk === 0 ? 'none' : `${bytes(onDisk)} of ${bytes(budget.disk)} allowed`,
      ],
    )
  }
  rows.push(['To keep every step instead', bytes(all - least)])
  if (shown !== undefined && shown.digest !== '')
    rows.push(['Digest of model and misfits', shown.digest.slice(0, 16)])
  return h(
    'dl',
    rows.map(([name, value]) => h('div', [h('dt', name), h('dd', value)])),
  )
}

/** The numbers of checkpoints, where a schedule has them. */
function optionsText(options: object): string {
  const shown = Object.entries(options).filter(
    ([name, value]) => typeof value === 'number' && name.startsWith('snapshots'),
  )
  return shown.map(([name, value]) => `, ${name} ${value.toLocaleString('en-US')}`).join('')
}
