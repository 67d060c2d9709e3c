/** `compare`: every schedule that fits into the user's memory and disk, by predicted time. */
import { candidatesFor } from '../compare/candidates.js'
import { type CompareArguments, parseCompareArguments } from '../compare/arguments.js'
import { csvOf, tableOf } from '../compare/table.js'
import { loadSchedules } from '../discovery/load.js'
import { checkNewFile, writeNewFile } from '../files/new-file.js'
import { write, writeLines } from '../terminal/output.js'
import { tell } from '../terminal/tell.js'
import { usageError } from '../terminal/usage-error.js'

export async function compare(args: readonly string[]): Promise<void> {
  const parsed = parseCompareArguments(args)
  const { budget, settings } = parsed
  const { svg, png, force = false } = settings
  for (const path of [svg, png]) if (path !== undefined) await checkNewFile(path, { force })
  const { entries } = await loadSchedules()
  const { candidates, rejected } = candidatesFor(entries, budget)
  for (const { name, why } of rejected) tell(`left out: ${name} ${why.replace(/\.$/, '')}.`)
  if (candidates.length === 0)
    throw usageError('no schedule fits into this budget; give it more --ram or --disk.')
  if (svg !== undefined || png !== undefined) {
    const { paretoPicture } = await import('../compare/pareto-picture.js')
    const picture = paretoPicture(candidates, parsed)
    if (svg !== undefined) await writeNewFile(svg, picture, { force })
    if (png !== undefined)
      await writeNewFile(png, (await import('../picture/png.js')).toPng(picture), { force })
  }
  if (settings.json) await write(`${JSON.stringify(plain(parsed, candidates, rejected), undefined, 2)}\n`)
  else await writeLines(settings.csv ? csvOf(candidates) : tableOf(candidates, parsed))
}

function plain(
  { budget, stateBytes, inSeconds }: CompareArguments,
  candidates: readonly object[],
  rejected: readonly object[],
) {
  return {
    ...budget,
    stateBytes: stateBytes ?? null,
    timeUnit: inSeconds ? 's' : 'forward steps',
    candidates,
    rejected,
  }
}
