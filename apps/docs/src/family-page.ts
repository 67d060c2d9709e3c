/** A family's page, from its declaration and a run of it; only its theory is written by hand, in `theory/COMMAND.md`. */
import { existsSync, readFileSync } from 'node:fs'
import {
  formatAction,
  type OptionDescriptor,
  type OptionDescriptors,
  UNBOUNDED,
} from '@checkpoint-schedules/core'
import { simulate } from '@checkpoint-schedules/simulator'
import { actionAt, record, type Recording, toSvg, whyAt } from '@checkpoint-schedules/space-time'
import { EXAMPLE_STEPS, exampleOptions } from './example-options.js'
import type { Family } from './families.js'

/** The page in Markdown. */
export function familyPage({ exportName, command, packageName, factory }: Family): string {
  const { name, summary, whenToUse, options, references, online } = factory.definition
  const given = exampleOptions(factory)
  const schedule = factory(given)
  const counted = simulate(schedule, { steps: EXAMPLE_STEPS })
  const recording = record(schedule, { steps: EXAMPLE_STEPS })
  const call =
    Object.keys(given).length === 0
      ? `${exportName}()`
      : `${exportName}({ ${Object.entries(given)
          .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
          .join(', ')} })`
  const peak = Object.entries(counted.peak).map(([storage, most]) => `${most} in ${storage}`)
  const svg = toSvg(recording, {
    title: `${name}: ${EXAMPLE_STEPS} steps`,
    subtitle: `${counted.forwardSteps} forward steps`,
  })
  return [
    `# ${name}`,
    summary,
    `**When to use it.** ${whenToUse}`,
    `\`${exportName}\` of \`${packageName}\`; \`${command}\` on the command line. ` +
      (online
        ? 'The number of steps may be unknown at the start.'
        : 'The number of steps must be known in advance.'),
    '## Options',
    table(Object.entries(options)),
    '## Example run',
    `\`${call}\` over ${EXAMPLE_STEPS} steps takes **${counted.forwardSteps}** forward steps and ` +
      `**${counted.adjointSteps}** adjoint steps. Most checkpoints at once: ${peak.join(', ') || 'none'}.`,
    // The picture is shown until the playground's code has loaded.
    `<Playground schedule="${command}" embedded><div class="scroll" tabindex="0" role="region" aria-label="Diagram">${svg.replaceAll('\n', '')}</div></Playground>`,
    'Steps go down, actions across. Thin lines are forward steps, thick lines taped steps, dashed lines adjoint steps. A square is a ' +
      'checkpoint written, a ring is a checkpoint read, a cross one discarded. Point at the picture to read what an action is for.',
    `::: details All actions and what they are for\n\n${actionTable(recording)}\n\n:::`,
    ...theoryOf(command),
    ...(references.length === 0
      ? []
      : ['## References', references.map((it) => `- ${reference(it)}`).join('\n')]),
    '',
  ].join('\n\n')
}

function actionTable(recording: Recording): string {
  const rows = Array.from(
    { length: recording.length },
    (_, i) => `| ${i + 1} | \`${formatAction(actionAt(recording, i))}\` | ${whyAt(recording, i)} |`,
  )
  return ['| | action | what it is for |', '| --- | --- | --- |', ...rows].join('\n')
}

function theoryOf(command: string): string[] {
  const file = new URL(`../theory/${command}.md`, import.meta.url)
  return existsSync(file) ? ['## Theory', readFileSync(file, 'utf8').trim()] : []
}

function table(entries: readonly (readonly [string, OptionDescriptor])[]): string {
  if (entries.length === 0) return 'None.'
  const rows = entries.map(([name, it]) => `| \`${name}\` | ${accepts(it)} | ${fallback(it)} | ${it.help} |`)
  return ['| option | accepts | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function accepts(it: OptionDescriptor): string {
  if (it.kind === 'choice') return it.choices.map((choice) => `\`${choice}\``).join(' or ')
  if (it.kind === 'list') return `a list of records with ${namesOf(it.item)}`
  if (it.kind === 'record') return `a record with ${namesOf(it.fields)}`
  if (it.kind === 'perStep') return `number >= ${it.min}, an array of them, or a function of the step`
  const least = 'min' in it && it.min !== undefined ? ` >= ${it.min}` : ''
  const most = 'max' in it && it.max !== undefined && it.max < UNBOUNDED ? `, <= ${it.max}` : ''
  const none = it.kind === 'number' && it.unlimited ? ', or `null`: no limit' : ''
  return `${it.kind}${least}${most}${none}`
}

function namesOf(fields: OptionDescriptors): string {
  return Object.keys(fields)
    .map((key) => `\`${key}\``)
    .join(', ')
}

function fallback(it: OptionDescriptor): string {
  if ('default' in it) return `\`${String(it.default)}\``
  return it.optional === true || it.kind === 'costs' ? 'optional' : 'required'
}

function reference(it: { authors: string; title: string; year: number; doi?: string }): string {
  const cited = `${it.authors} (${it.year}). ${it.title}.`
  return it.doi === undefined ? cited : `${cited} [doi:${it.doi}](https://doi.org/${it.doi})`
}
