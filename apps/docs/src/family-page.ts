/** A family's page, from its declaration and a run of it; only its theory is written by hand, in `theory/COMMAND.md`. */
import { existsSync, readFileSync } from 'node:fs'
import { formatAction } from '@checkpoint-schedules/core'
import { simulate } from '@checkpoint-schedules/simulator'
import { actionAt, record, type Recording, toSvg, whyAt } from '@checkpoint-schedules/space-time'
import { exampleOf } from './example-options.js'
import type { Family } from './families.js'
import { optionTable } from './option-table.js'
import { commandLineFor, literal } from './playground/commands.js'

/** The page in Markdown. */
export function familyPage(family: Family): string {
  const { exportName, command, packageName, factory } = family
  const { name, summary, whenToUse, options, references, online } = factory.definition
  const { steps, options: given } = exampleOf(factory)
  const schedule = factory(given)
  const counted = simulate(schedule, { steps })
  const recording = record(schedule, { steps })
  const call = `${exportName}(${Object.keys(given).length === 0 ? '' : literal(given)})`
  const peak = Object.entries(counted.peak).map(([storage, most]) => `${most} in ${storage}`)
  const svg = toSvg(recording, {
    title: `${name}: ${steps} steps`,
    subtitle: `${counted.forwardSteps} forward steps, time ${counted.makespan}`,
    theme: 'page',
  })
  return [
    `# ${name}`,
    summary,
    `**When to use it.** ${whenToUse}` +
      (online
        ? ' The number of steps may be unknown at the start.'
        : ' The number of steps must be known in advance.'),
    `\`\`\`ts\nimport { ${exportName} } from '${packageName}'\n\nconst schedule = ${call}\n\`\`\``,
    `[The driver](../driver/) runs it on your model. On the command line it is \`${command}\`.`,
    // The picture is shown until the playground's code has loaded.
    `<Playground schedule="${command}" embedded><div class="scroll" tabindex="0" role="region" aria-label="Diagram">${svg.replaceAll('\n', '')}</div></Playground>`,
    `${steps} steps take **${counted.forwardSteps}** forward steps and **${counted.adjointSteps}** adjoint steps. ` +
      `Most checkpoints at once: ${peak.join(', ') || 'none'}.`,
    'Steps go down, time across. Thin lines are forward steps, thick lines taped steps, dashed lines adjoint steps. A square is a ' +
      'checkpoint written, a ring is a checkpoint read, a cross one discarded. Point at the picture to read what an action is for.',
    `::: details All actions and what they are for\n\n\`\`\`sh\n${commandLineFor({ ...family, online, descriptors: options }, given, steps)}\n\`\`\`\n\n${actionTable(recording)}\n\n:::`,
    '## Options',
    optionTable(options),
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

function reference(it: { authors: string; title: string; year: number; doi?: string }): string {
  const cited = `${it.authors} (${it.year}). ${it.title}.`
  return it.doi === undefined ? cited : `${cited} [doi:${it.doi}](https://doi.org/${it.doi})`
}
