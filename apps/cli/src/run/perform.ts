/** What `run` does with its parsed arguments: checks, computes, draws and reports. */
import { basename, extname, resolve } from 'node:path'
import { none } from '@checkpoint-schedules/basic'
import { type Journal, runAdjoint } from '@checkpoint-schedules/driver'
import { taylorTest, type TaylorResult } from '@checkpoint-schedules/gradient-checks'
import { exportCheckpoint } from '@checkpoint-schedules/storage-fs'
import { checkEmptyDirectory, checkNewDirectory } from '../files/directory.js'
import { checkNewFile, writeNewFile } from '../files/new-file.js'
import { readNpy } from '../files/npy.js'
import type { Beside } from '../picture/labels.js'
import { type CheckpointStores, withCheckpointStores } from './checkpoint-stores.js'
import type { RunArguments } from './arguments.js'
import { directionFor } from './direction.js'
import { flatValues } from './gradient.js'
import { gradientOf, type ReadyRun, withSchedule } from './gradient-of.js'
import { secondsBetweenSaves } from './journal-every.js'
import { heedingJournal } from './heeding.js'
import { interruptibly } from './interruption.js'
import { prepare, type PreparedRun } from './prepare.js'
import { reportProgress } from './progress-report.js'
import { journalFor, keptIn } from './resume.js'
import { type RunResult, toJson } from './result.js'
import { summaryOf } from './summary.js'
import { FAILED } from '../terminal/exit.js'
import { write, writeLines } from '../terminal/output.js'
import { tell } from '../terminal/tell.js'
import { showCount, showValue } from '../terminal/units.js'
import { unknownName, usageError } from '../terminal/usage-error.js'

const imageTypes = ['.png', '.svg']
const TAYLOR_HALVINGS = 4

/** @param args - As typed, to be recorded in a journal. */
export async function perform(parsed: RunArguments, args: readonly string[]): Promise<void> {
  const { image, gradient, force = false, json = false, checkpointDir, journal: journalDir } = parsed.settings
  if (image !== undefined) {
    const type = extname(image).toLowerCase()
    if (!imageTypes.includes(type)) throw usageError(`--image: ${unknownName('file type', type, imageTypes)}`)
    await checkNewFile(image, { force })
  }
  for (const directory of [checkpointDir, journalDir])
    if (directory !== undefined) await checkNewDirectory(directory, 'a directory, or a name for a new one')
  if (gradient !== undefined) await checkEmptyDirectory(gradient)
  const prepared = await prepare(parsed)
  const beside = await checkPicture(parsed, prepared)
  const journal =
    journalDir === undefined
      ? undefined
      : await journalFor(
          journalDir,
          secondsBetweenSaves(parsed.settings.journalEvery),
          parsed.settings.takeOver ?? false,
          args,
        )
  const result = await interruptibly(
    async (signal) => {
      const ready = await withSchedule(parsed, prepared, { journal: journalDir, checkpointDir }, signal)
      const { schedule, steps } = ready
      const heeding = journal && heedingJournal(journal, signal)
      // The journal keeps checkpoints on disk, unless the user chose another directory.
      const found =
        heeding !== undefined && checkpointDir === undefined
          ? await compute(parsed, ready, { stores: {}, directory: resolve(journalDir!) }, signal, heeding)
          : await withCheckpointStores(schedule, steps, checkpointDir, signal, (stores) =>
              compute(parsed, ready, stores, signal, heeding),
            )
      signal.throwIfAborted()
      if (image !== undefined) await draw(image, force, prepared, found, beside)
      if (gradient !== undefined) await exportCheckpoint(found.gradient, gradient)
      return found
    },
    () => keptIn(journalDir),
  )
  if (json) await write(`${JSON.stringify(toJson(result), undefined, 2)}\n`)
  else await writeLines(summaryOf(result))
  if (result.taylor?.verdict === 'wrong') process.exitCode = FAILED
}

/** Refuses what cannot be drawn, and reads what is drawn beside it. */
async function checkPicture(
  { settings, problem }: RunArguments,
  { instance }: PreparedRun,
): Promise<Beside | undefined> {
  const { image, imageBeside } = settings
  if (image === undefined) {
    if (imageBeside === undefined) return undefined
    throw usageError('--image-beside needs a picture to be part of: pass --image FILE as well.')
  }
  const { pictureFault } = await import('../picture/gradient-picture.js')
  const fault = pictureFault(instance.field, flatValues(instance.control)?.length ?? 0)
  if (fault !== undefined)
    throw usageError(`--image: ${problem.name} cannot be drawn: ${fault}. Leave --image out.`)
  if (imageBeside === undefined) return undefined
  const { axes } = instance.field!
  if (axes.length !== 2)
    throw usageError(`--image-beside: the gradient of ${problem.name} is a line, not a map. Leave it out.`)
  const { data, shape } = await readNpy(
    imageBeside,
    axes.map(({ label }) => label),
  )
  const expected = axes.map(({ count }) => count)
  if (expected.some((count, k) => shape[k] !== count))
    throw usageError(
      `--image-beside: ${imageBeside} has ${shape.join(' x ')} values; the gradient has ${expected.join(' x ')}.`,
    )
  return { values: data, name: basename(imageBeside) }
}

async function compute(
  parsed: RunArguments,
  prepared: ReadyRun,
  { stores, directory }: CheckpointStores,
  signal: AbortSignal,
  journal: Journal | undefined,
): Promise<RunResult> {
  const { schedule } = prepared
  const report = reportProgress('gradient', parsed.settings.progress)
  const { statistics, objective, gradient } = await gradientOf(prepared, {
    stores,
    journal,
    signal,
    onProgress: report,
    onEvent: ({ message }) => tell(message),
  }).finally(report.stop)
  const point = { value: objective, gradient }
  const taylor = parsed.settings.taylor
    ? await test(parsed, prepared, statistics.steps, point, signal)
    : undefined
  return {
    model: parsed.problem.name,
    scheduleName: prepared.scheduleName,
    schedule,
    statistics,
    objective,
    gradient,
    taylor,
    memory: prepared.memory,
    image: parsed.settings.image,
    gradientDirectory: parsed.settings.gradient,
    directory,
  }
}

/** Runs only the forward at nearby controls: the test uses the gradient at the control alone. */
function test(
  { settings }: RunArguments,
  { instance, instanceAt }: PreparedRun,
  steps: number,
  point: { readonly value: number; readonly gradient: unknown },
  signal: AbortSignal,
): Promise<TaylorResult> {
  let forwards = 0
  const evaluate = async (control: unknown) => {
    if (control === instance.control) return point
    const there = instanceAt(control)
    forwards += 1
    const report = reportProgress(`Taylor test ${forwards}/${TAYLOR_HALVINGS + 1}`, settings.progress)
    const { finalState } = await runAdjoint({
      schedule: none(),
      model: there.model,
      initialState: there.initialState,
      terminalAdjoint: there.terminalAdjoint,
      steps,
      signal,
      onProgress: report,
    }).finally(report.stop)
    return { value: await there.objective(finalState), gradient: point.gradient }
  }
  return taylorTest(evaluate, instance.control, directionFor(instance.control), { halvings: TAYLOR_HALVINGS })
}

async function draw(
  path: string,
  force: boolean,
  { instance }: PreparedRun,
  result: RunResult,
  beside: Beside | undefined,
): Promise<void> {
  const { gradientPicture } = await import('../picture/gradient-picture.js')
  const { model, scheduleName, statistics, gradient, objective } = result
  const caption = `${model}, ${showCount(statistics.steps)} steps, ${scheduleName}; objective J = ${showValue(objective)}`
  const svg = gradientPicture({ values: flatValues(gradient)!, field: instance.field!, caption, beside })
  const isSvg = extname(path).toLowerCase() === '.svg'
  await writeNewFile(path, isSvg ? svg : (await import('../picture/png.js')).toPng(svg), { force })
}
