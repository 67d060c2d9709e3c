/** What `gradient` does with its parsed arguments. */
import { checkNewDirectory } from '../files/directory.js'
import { interruptibly } from '../run/interruption.js'
import { checkScheduleFlags, loadInputs } from '../run/prepare.js'
import { reportProgress } from '../run/progress-report.js'
import { writeLines } from '../terminal/output.js'
import { alignedRows, type Row } from '../terminal/rows.js'
import { showCounted, showDuration } from '../terminal/units.js'
import { type GradientArguments, partsOfShare } from './arguments.js'
import { atControl } from './control.js'
import { computePart, isDone, type PartWork } from './compute-part.js'
import { identityOf } from './identity.js'
import { computeInPool } from './pool.js'
import { claimSum, partPath } from './sum-directory.js'

const KEPT = 'what is done is kept; repeat the command to continue.'

/** @param typed - For the workers, which parse it again. */
export async function perform(args: GradientArguments, typed: readonly string[]): Promise<void> {
  const work = await openWork(args)
  const { sum } = work
  const { parts } = sum.identity
  const started = performance.now()
  const wanted =
    args.wanted === 'all'
      ? Array.from({ length: parts }, (_, part) => part)
      : partsOfShare(args.wanted, parts, args.problem.name)
  const computed = await interruptibly(
    async (signal) => {
      if (args.wanted !== 'all') return computeHere(work, wanted, signal, args.isProgressShown)
      const left: number[] = []
      for (const part of wanted) {
        signal.throwIfAborted()
        if (!(await isDone(sum, part))) left.push(part)
      }
      await computeInPool({ ...args, typed, left, parts, signal })
      return left.length
    },
    async () => KEPT,
  )
  const before = wanted.length - computed
  const rows: Row[] = [
    ['model', args.problem.name],
    ['parts', ...(wanted.length === parts ? [`all ${parts}`] : [named(wanted), `of ${parts}`])] as [
      string,
      string,
      string?,
    ],
    ['computed', String(computed), before === 0 ? '' : `${showCounted(before, 'part')} had been done before`],
    ['time', showDuration(performance.now() - started)],
    ['in', wanted.length === 1 ? partPath(sum, wanted[0]!) : sum.directory],
  ]
  await writeLines(alignedRows(rows))
}

/** Loads and checks all that parts have in common. */
export async function openWork(args: GradientArguments): Promise<PartWork> {
  const { out, everySeconds, takeOver, checkpointDir } = args
  checkScheduleFlags(args.schedule)
  await checkNewDirectory(out, 'a directory for parts, or a name for a new one')
  const inputs = await atControl(args, await loadInputs(args), args.control)
  const identity = identityOf(args, inputs)
  if (args.wanted !== 'all') partsOfShare(args.wanted, identity.parts, args.problem.name)
  const sum = await claimSum(out, identity)
  return { args, inputs, sum, everySeconds, takeOver, checkpointDir }
}

async function computeHere(
  work: PartWork,
  wanted: readonly number[],
  signal: AbortSignal,
  isProgressShown: boolean,
): Promise<number> {
  let computed = 0
  for (const part of wanted) {
    const report = reportProgress(`part ${part}`, isProgressShown)
    const outcome = await computePart(work, part, signal, report).finally(report.stop)
    if (outcome === 'computed') computed += 1
  }
  return computed
}

function named(parts: readonly number[]): string {
  return parts.length === 1 ? String(parts[0]) : `${parts[0]} to ${parts.at(-1)}`
}
