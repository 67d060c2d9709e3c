/** Form fields for options, made from their descriptors. */
import type { OptionDescriptor, OptionDescriptors } from '@checkpoint-schedules/core'
import { h, type VNode } from 'vue'
import { isShared } from './address.js'
import { MOST_LETTERS, type Texts } from './texts.js'

type OnText = (name: string, text: string) => void

const MOST_SLOTS = 50 // the slider's maximum; the text field accepts more

/** A field for each option that is not shared; `prefix` makes their ids unique. */
export function optionFields(
  prefix: string,
  descriptors: OptionDescriptors,
  texts: Texts,
  onText: OnText,
): VNode[] {
  return Object.entries(descriptors)
    .filter(([name, { kind }]) => !isShared(name, kind))
    .map(([name, descriptor]) =>
      labelled(
        `${prefix}-${name}`,
        descriptor.help,
        name,
        control(`${prefix}-${name}`, name, descriptor, texts, onText),
      ),
    )
}

/** A label above its field, with help below, and what is wrong with it. */
export function labelled(
  id: string,
  label: string,
  help: string,
  field: readonly VNode[],
  problem?: string,
): VNode {
  return h('div', { class: 'field' }, [
    h('label', { for: id }, label),
    h('div', { class: 'control' }, [...field]),
    h('small', { id: `${id}-help` }, help),
    problem === undefined
      ? undefined
      : h('p', { id: `${id}-problem`, class: 'problem', role: 'alert' }, problem),
  ])
}

/** A number field with a slider. */
export function numberWithSlider(
  id: string,
  label: string,
  value: string,
  range: { readonly min: number; readonly max: number; readonly placeholder?: string },
  onInput: (text: string) => void,
): VNode[] {
  const { min, max, placeholder } = range
  return [
    h('input', { ...typed(id, value, onInput), type: 'text', inputmode: 'numeric', placeholder }),
    h('input', {
      type: 'range',
      min,
      max: Math.max(max, min + 1),
      value: value === '' ? min : value,
      'aria-label': `${label}, slider`,
      onInput: (event: Event) => onInput((event.target as HTMLInputElement).value),
    }),
  ]
}

/** A drop-down. */
export function choice(
  id: string,
  value: string,
  choices: readonly (readonly [value: string, label: string])[],
  onInput: (text: string) => void,
): VNode {
  return h(
    'select',
    { id, value, onChange: (event: Event) => onInput((event.target as HTMLSelectElement).value) },
    choices.map(([key, label]) => h('option', { value: key, selected: key === value }, label)),
  )
}

/** A text field. */
export function textField(
  id: string,
  value: string,
  placeholder: string,
  onInput: (text: string) => void,
  isWrong = false,
): VNode {
  const wrong = { 'aria-invalid': true, 'aria-describedby': `${id}-problem ${id}-help` }
  return h('input', { ...typed(id, value, onInput), type: 'text', placeholder, ...(isWrong ? wrong : {}) })
}

function control(
  id: string,
  name: string,
  descriptor: OptionDescriptor,
  texts: Texts,
  onText: OnText,
): VNode[] {
  const value = texts[name] ?? ''
  const onInput = (text: string) => onText(name, text)
  const fallback =
    'default' in descriptor && descriptor.default !== undefined ? String(descriptor.default) : ''
  switch (descriptor.kind) {
    case 'integer':
      return numberWithSlider(
        id,
        descriptor.help,
        value,
        {
          min: descriptor.min,
          max: Math.min(descriptor.max ?? MOST_SLOTS, MOST_SLOTS),
          placeholder: fallback,
        },
        onInput,
      )
    case 'boolean':
      return [
        choice(
          id,
          value,
          [
            ['', `default (${fallback || 'false'})`],
            ['true', 'yes'],
            ['false', 'no'],
          ],
          onInput,
        ),
      ]
    case 'choice':
      return [
        choice(
          id,
          value,
          [['', `default (${fallback})`], ...descriptor.choices.map((it) => [it, it] as const)],
          onInput,
        ),
      ]
    case 'record':
      return [textField(id, value, exampleOf(descriptor.fields), onInput)]
    case 'list':
      return [
        h('textarea', {
          ...typed(id, value, onInput),
          rows: 2,
          placeholder: `one per line: ${exampleOf(descriptor.item)}`,
        }),
      ]
    default:
      return [textField(id, value, fallback, onInput)]
  }
}

function typed(id: string, value: string, onInput: (text: string) => void) {
  return {
    id,
    value,
    maxlength: MOST_LETTERS,
    'aria-describedby': `${id}-help`,
    autocomplete: 'off',
    spellcheck: false,
    onInput: (event: Event) => onInput((event.target as HTMLInputElement).value),
  }
}

const exampleOf = (item: OptionDescriptors) =>
  Object.keys(item)
    .map((key) => `${key}=…`)
    .join(',')
