/** The options of a schedule as a Markdown table: what each accepts, and what holds if it is left out. */
import {
  defaultCosts,
  type OptionDescriptor,
  type OptionDescriptors,
  UNBOUNDED,
} from '@checkpoint-schedules/core'

/** The table, or that there are no options. */
export function optionTable(options: OptionDescriptors): string {
  const entries = Object.entries(options)
  if (entries.length === 0) return 'None.'
  const rows = entries.map(([name, it]) => `| \`${name}\` | ${it.help} | ${accepts(it)}; ${fallback(it)} |`)
  const table = ['| option | meaning | accepts |', '| --- | --- | --- |', ...rows].join('\n')
  return `<div class="options">\n\n${table}\n\n</div>`
}

function accepts(it: OptionDescriptor): string {
  if (it.kind === 'choice') return it.choices.map((choice) => `\`${choice}\``).join(' or ')
  if (it.kind === 'list') return `a list of records with ${namesOf(it.item)}`
  if (it.kind === 'record') return `a record with ${namesOf(it.fields)}`
  if (it.kind === 'perStep') return `a number >= ${it.min}, an array of them, or a function of the step`
  if (it.kind === 'costs') return `a record with ${costNames(it.storages)}`
  if (it.kind === 'storage') return 'the name of a storage'
  if (it.kind === 'boolean') return '`true` or `false`'
  const least = 'min' in it && it.min !== undefined ? ` >= ${it.min}` : ''
  const most = 'max' in it && it.max !== undefined && it.max < UNBOUNDED ? `, <= ${it.max}` : ''
  const none = it.kind === 'number' && it.unlimited ? ', or `null`: no limit' : ''
  return `${it.kind === 'integer' ? 'an integer' : `a ${it.kind}`}${least}${most}${none}`
}

function fallback(it: OptionDescriptor): string {
  if ('default' in it) return `default \`${String(it.default)}\``
  if (it.kind === 'costs') {
    const { forwardStep, adjointStep, write, read } = defaultCosts
    const prices = it.storages.map((name) => `${write[name] ?? 0} and ${read[name] ?? 0} in ${name}`)
    return `default steps ${forwardStep} and ${adjointStep}, writes and reads ${prices.join(', ')}`
  }
  return it.optional === true ? 'optional' : '**required**'
}

function costNames(storages: readonly string[]): string {
  const transfers = `{ ${storages.map((name) => `${name}: number`).join(', ')} }`
  return `\`forwardStep\`, \`adjointStep\`, \`write: ${transfers}\`, \`read: ${transfers}\``
}

function namesOf(fields: OptionDescriptors): string {
  return Object.keys(fields)
    .map((key) => `\`${key}\``)
    .join(', ')
}
