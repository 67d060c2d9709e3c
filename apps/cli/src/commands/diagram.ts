/** `diagram SCHEDULE`: the forward and the adjoint, one line for each action. */
import { checkOptions, formatAction, integer, type Schedule } from '@checkpoint-schedules/core'
import { Option } from 'commander'
import { lettersFor } from '../diagram/checkpoint-marks.js'
import { diagramLines, type Paint } from '../diagram/draw.js'
import { type Layout, layoutFor, rulerOf } from '../diagram/layout.js'
import { notebookLines } from '../diagram/notebook.js'
import { parseValue } from '../flags/parse-value.js'
import { coloursFor } from '../terminal/colours.js'
import { writeLines } from '../terminal/output.js'
import { unknownName, usageError } from '../terminal/usage-error.js'
import { terminalColumns } from '../terminal/wrap.js'
import { parseScheduleArguments, type ScheduleArguments, type ScheduleCommand } from './schedule-arguments.js'

const dialects = ['plain', 'notebook']
const WIDTH_OF_PIPES = 100
const NARROWEST = 20
/** How many actions' texts are measured before the first line is drawn. */
const MEASURED = 1000

const command: ScheduleCommand = {
  name: 'diagram',
  description:
    'Draws a schedule: steps from left to right, one line for each action, with the checkpoints held at that moment.\n' +
    'If the steps do not fit next to the text, several share a column.',
  options: [
    new Option(
      `--dialect <${dialects.join('|')}>`,
      "our own diagram, or that of the Python package's tutorial (default plain)",
    ),
    new Option('--width <n>', `columns to fill (default: the terminal's, ${WIDTH_OF_PIPES} elsewhere)`),
  ],
  examples: `
Examples:
  $ checkpoint-schedules diagram multistage --steps 10 --ram 2 --disk 1
  $ checkpoint-schedules diagram two-level --steps 12 --period 4 --binomial-snapshots 1
  $ checkpoint-schedules diagram single-memory --steps 4 --dialect notebook`,
}

interface Settings {
  readonly dialect?: string
  readonly width?: string
}

export async function diagram(args: readonly string[]): Promise<void> {
  const parsed = await parseScheduleArguments<Settings>(command, args)
  const { dialect = 'plain' } = parsed.settings
  if (!dialects.includes(dialect)) throw usageError(unknownName('dialect', dialect, dialects))
  const width = widthOf(parsed.settings)
  await writeLines(
    dialect === 'notebook' ? notebookLines(parsed.start(), parsed.steps) : plainLines(parsed, width),
  )
}

function* plainLines(
  { name, schedule, steps, start }: ScheduleArguments<Settings>,
  width: number,
): Generator<string> {
  let text = 0
  let measured = 0
  for (const action of start()) {
    text = Math.max(text, formatAction(action).length)
    if ((measured += 1) === MEASURED) break
  }
  const layout = layoutFor(steps, Math.max(NARROWEST, width - text - 2))
  const storages = Object.keys(schedule.limits(steps))
  const letters = lettersFor(storages)
  const paint = painter(storages)
  yield* heading(name, schedule, steps, layout, letters, paint)
  yield* rulerOf(layout, steps)
  yield* diagramLines(start(), steps, layout, letters, paint)
}

function* heading(
  name: string,
  schedule: Schedule,
  steps: number,
  { stepsPerColumn }: Layout,
  letters: ReadonlyMap<string, string>,
  paint: Paint,
): Generator<string> {
  const limits = Object.entries(schedule.limits(steps)).map(
    ([storage, most]) => `${storage} ${most ?? 'any number'}`,
  )
  const held = limits.length === 0 ? 'no checkpoints' : `most checkpoints at once: ${limits.join(', ')}`
  const scale = stepsPerColumn === 1 ? '' : `; ${stepsPerColumn} steps per column`
  yield `${name}: ${steps} ${steps === 1 ? 'step' : 'steps'}, ${held}${scale}`
  const marks = Array.from(
    letters,
    ([storage, letter]) =>
      `${paint(letter, { storage })} checkpoint in ${storage} (${paint(letter.toLowerCase(), { storage })}: tape of a step)`,
  )
  const arrows = [
    `${paint('--->', 'forward')} forward`,
    `${paint('===>', 'tape')} forward, taped`,
    `${paint('<==|', 'adjoint')} adjoint`,
    ...(letters.size === 0 ? [] : [`${paint('^', 'read')} read back`]),
  ]
  yield arrows.join('   ')
  if (marks.length > 0) yield marks.join('   ')
  yield ''
}

function painter(storages: readonly string[]): Paint {
  const colours = coloursFor(process.stdout)
  const ofStorages = [colours.yellow, colours.cyan, colours.green, colours.magenta]
  const inks = { forward: colours.dim, tape: colours.green, adjoint: colours.magenta, read: colours.bold }
  return (text, ink) =>
    typeof ink === 'string'
      ? inks[ink](text)
      : colours.bold(ofStorages[Math.max(0, storages.indexOf(ink.storage)) % ofStorages.length]!(text))
}

function widthOf({ width }: Settings): number {
  if (width === undefined) return terminalColumns() ?? WIDTH_OF_PIPES
  const descriptors = { '--width': integer({ min: NARROWEST, max: 10_000, help: 'columns to fill' }) }
  const value = parseValue('--width', descriptors['--width'], width)
  return checkOptions('diagram', descriptors, { '--width': value })['--width']
}
