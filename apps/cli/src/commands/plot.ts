/** `plot SCHEDULE`: the schedule as a picture, or as an interactive page. */
import { readFile } from 'node:fs/promises'
import type { CostModelInput } from '@checkpoint-schedules/core'
import { type Across, record, type Recording, toSvg, viewerPage } from '@checkpoint-schedules/space-time'
import { Option } from 'commander'
import { checkNewFile, writeNewFile } from '../files/new-file.js'
import { showCount, showCounted } from '../terminal/units.js'
import { unknownName, usageError } from '../terminal/usage-error.js'
import { parseScheduleArguments, type ScheduleArguments, type ScheduleCommand } from './schedule-arguments.js'

const acrosses = ['time', 'actions']
const FONT = 'DejaVu Sans'
// A page contains every action, about 30 bytes each; making a picture takes about 60 bytes of memory for each.
const MOST_IN_PAGE = 500_000
const MOST_DRAWN = 4_000_000

const command: ScheduleCommand = {
  name: 'plot',
  description:
    'Draws a schedule as a picture: steps down, time or actions across; checkpoints, writes and reads; and below that the ' +
    'contents of each storage. --html writes a page, as a single file, that can be played, scrubbed and zoomed.',
  options: [
    new Option('--svg <file>', 'write the picture as SVG'),
    new Option('--png <file>', 'write the picture as PNG'),
    new Option('--html <file>', 'write an interactive page'),
    new Option(`--across <${acrosses.join('|')}>`, 'what goes across (default time)'),
    new Option('--force', 'replace files that exist'),
  ],
  examples: `
Examples:
  $ checkpoint-schedules plot multistage --steps 100 --ram 3 --disk 4 --svg multistage.svg
  $ checkpoint-schedules plot h-revolve --steps 10000 --ram 5 --disk 20 --png h-revolve.png
  $ checkpoint-schedules plot revolve --steps 10 --ram 3 --across actions --html revolve.html

Time follows the schedule's costs if it has any, such as --write-disk; otherwise each step takes 1 and each transfer to or from disk 2.`,
}

interface Settings {
  readonly svg?: string
  readonly png?: string
  readonly html?: string
  readonly across?: string
  readonly force?: boolean
}

export async function plot(args: readonly string[]): Promise<void> {
  const parsed = await parseScheduleArguments<Settings>(command, args)
  const { svg, png, html, across = 'time', force = false } = parsed.settings
  if (!acrosses.includes(across)) throw usageError(unknownName('value of --across', across, acrosses))
  const paths = [svg, png, html].filter((path) => path !== undefined)
  if (paths.length === 0)
    throw usageError('plot needs a file for its picture: --svg FILE, --png FILE or --html FILE.')
  if (new Set(paths).size < paths.length) throw usageError('--svg, --png and --html need different files.')
  for (const path of paths) await checkNewFile(path, { force })

  const { costs } = parsed.schedule.manifest.options as { costs?: CostModelInput }
  const recording = recordAtMost(html === undefined ? MOST_DRAWN : MOST_IN_PAGE, parsed, costs)
  const shown = { ...titles(parsed, recording), across: across as Across }
  if (svg !== undefined || png !== undefined) {
    const picture = toSvg(recording, { ...shown, font: `${FONT}, sans-serif` })
    if (svg !== undefined) await writeNewFile(svg, picture, { force })
    if (png !== undefined)
      await writeNewFile(png, (await import('../picture/png.js')).toPng(picture), { force })
  }
  if (html !== undefined) {
    const script = await readFile(new URL('../plot/page-script.bundle.txt', import.meta.url), 'utf8')
    await writeNewFile(html, viewerPage(recording, { ...shown, costs, script }), { force })
  }
}

function recordAtMost(
  mostActions: number,
  { name, steps, start }: ScheduleArguments<Settings>,
  costs: CostModelInput | undefined,
): Recording {
  let actions = 0
  for (const _ of start())
    if ((actions += 1) > mostActions) {
      const where = mostActions === MOST_IN_PAGE ? 'a page' : 'a picture'
      throw usageError(
        `${name} with ${showCounted(steps, 'step')} has more than ${showCount(mostActions)} actions, the most in ${where}. Pass fewer --steps.`,
      )
    }
  return record(start(), { steps, costs, mostActions })
}

function titles(
  { schedule, steps }: ScheduleArguments<Settings>,
  { length, kinds, starts, ends, times }: Recording,
): { title: string; subtitle: string } {
  const limits = Object.entries(schedule.limits(steps)).map(
    ([storage, most]) => `${most ?? 'any number'} in ${storage}`,
  )
  const forwardSteps = starts.reduce((sum, start, i) => (kinds[i]! < 2 ? sum + ends[i]! - start : sum), 0)
  return {
    title: `${schedule.manifest.name}: ${showCounted(steps, 'step')}${limits.length === 0 ? '' : `, at most ${limits.join(', ')}`}`,
    subtitle: `${showCounted(length, 'action')}, ${showCounted(forwardSteps, 'forward step')}, time ${times[length]!.toLocaleString('en-US')}`,
  }
}
