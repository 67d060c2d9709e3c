/** `compare`: every schedule that fits into the user's memory and disk, by predicted time. */
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import type { UnknownStepsOptions } from '@checkpoint-schedules/planner'
import { compared, type Comparison } from '../compare/candidates.js'
import { type CompareArguments, parseCompareArguments } from '../compare/arguments.js'
import { csvOf, tableOf } from '../compare/table.js'
import { comparedForUnknown, openCsvOf, type OpenComparison, openTableOf } from '../compare/unknown-steps.js'
import { loadSchedules } from '../discovery/load.js'
import { checkNewFile, writeNewFile } from '../files/new-file.js'
import { write, writeLines } from '../terminal/output.js'
import { tell } from '../terminal/tell.js'
import { usageError } from '../terminal/usage-error.js'
import { wrapped } from '../terminal/wrap.js'

export async function compare(args: readonly string[]): Promise<void> {
  const parsed = parseCompareArguments(args)
  const { problem, settings } = parsed
  const { svg, png, force = false } = settings
  for (const path of [svg, png]) if (path !== undefined) await checkNewFile(path, { force })
  const { entries } = await loadSchedules()
  if (parsed.open !== undefined) {
    await compareForUnknown(entries, parsed, parsed.open)
    return
  }
  const comparison = await orSay(compared(entries, problem))
  const { candidates, rejected } = comparison
  for (const { name, why } of rejected) tell(`left out: ${name} ${why.replace(/\.$/, '')}.`)
  if (svg !== undefined || png !== undefined) {
    const { paretoPicture } = await import('../compare/pareto-picture.js')
    const picture = paretoPicture(candidates, parsed)
    if (svg !== undefined) await writeNewFile(svg, picture, { force })
    if (png !== undefined)
      await writeNewFile(png, (await import('../picture/png.js')).toPng(picture), { force })
  }
  if (settings.json) await write(`${JSON.stringify(plain(parsed, comparison), undefined, 2)}\n`)
  else if (settings.csv) await writeLines(csvOf(candidates))
  else await writeLines([...assumptionLines(parsed, comparison), ...tableOf(candidates, parsed)])
}

async function compareForUnknown(
  entries: Parameters<typeof compared>[0],
  parsed: CompareArguments,
  steps: UnknownStepsOptions['steps'],
): Promise<void> {
  const { problem, stateBytes, settings } = parsed
  const comparison = await orSay(comparedForUnknown(entries, { ...problem, steps }))
  for (const { name, why } of comparison.rejected) tell(`left out: ${name} ${why.replace(/\.$/, '')}.`)
  if (settings.json) await write(`${JSON.stringify({ ...plain(parsed, comparison), steps }, undefined, 2)}\n`)
  else if (settings.csv) await writeLines(openCsvOf(comparison))
  else await writeLines([...assumptionLines(parsed, comparison), ...openTableOf(comparison, stateBytes)])
}

async function orSay<T>(comparing: Promise<T>): Promise<T> {
  try {
    return await comparing
  } catch (error) {
    if (!isCheckpointScheduleError(error)) throw error
    throw usageError(error.message.replace(/^plan\w+: /, ''))
  }
}

/** What was assumed, in lines above the table. */
function assumptionLines(
  { assumptions }: CompareArguments,
  comparison: Pick<Comparison, 'assumptions'>,
): string[] {
  const all = [...assumptions, ...comparison.assumptions.filter((it) => !assumptions.includes(it))]
  return all.length === 0 ? [] : wrapped(`Assumed: ${all.join('; ')}.`)
}

function plain(
  { problem, stateBytes, inSeconds, assumptions }: CompareArguments,
  comparison: Comparison | OpenComparison,
) {
  const { steps, budget, sizes, costs, overlap, countsWorkingStorage } = problem
  return {
    steps,
    budget,
    sizes: stateBytes === undefined ? null : sizes,
    countsWorkingStorage,
    overlap,
    costs,
    timeUnit: inSeconds ? 's' : 'forward steps',
    assumptions: [...assumptions, ...comparison.assumptions],
    candidates: comparison.candidates,
    rejected: comparison.rejected,
  }
}
