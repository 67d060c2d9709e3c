/**
 * Adds the parts of a sum: by index, each number in double precision, starting from zero. So the result has the same bits whatever computed
 * the parts, where, and in which order. Memory: two gradients, that of the sum and one array of a part.
 */
import { randomBytes } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { exportCheckpoint } from '@checkpoint-schedules/storage-fs'
import { fileError, systemFileError } from '../files/file-error.js'
import { openPart, type PartReader, recordIn } from './part-files.js'
import { partPath, readSum, type Sum } from './sum-directory.js'

/** The sum. */
export interface Total {
  readonly parts: number
  readonly value: number
  readonly gradient: unknown
}

/** The sum in a directory. @throws `INVALID_FILE` */
export async function sumIn(directory: string): Promise<Sum> {
  await readdir(directory).catch((error: unknown) => {
    throw systemFileError(directory, 'the directory of checkpoint-schedules gradient', error)
  })
  const sum = await readSum(directory)
  if (sum === undefined)
    throw fileError(
      directory,
      'expected the directory of checkpoint-schedules gradient; it has no gradient.json',
    )
  return sum
}

/**
 * Adds all parts.
 *
 * @throws `INVALID_FILE`: a part is missing, there twice, damaged, of another sum, or of another version.
 */
export async function addParts(sum: Sum, signal: AbortSignal): Promise<Total> {
  const { parts } = sum.identity
  await checkNames(sum)
  await checkGaps(sum)
  const totals = new Map<string, Float64Array>()
  for (let part = 0; part < parts; part++) {
    const reader = await openPart(sum, part)
    if (reader === undefined) throw missing(sum, [part])
    checkLayout(sum, part, reader, totals)
    for await (const { file, data } of reader.arrays()) {
      signal.throwIfAborted()
      let total = totals.get(file)
      if (total === undefined) totals.set(file, (total = new Float64Array(data.length)))
      for (let i = 0; i < total.length; i++) total[i]! += data[i]!
    }
  }
  const value = totals.get('value.npy')![0]!
  totals.delete('value.npy')
  return { parts, value, gradient: treeOf(totals) }
}

/** Writes `value.npy` and the arrays of the gradient to a new directory: all or nothing. */
export async function writeTotal({ value, gradient }: Total, directory: string): Promise<void> {
  const temporary = join(
    dirname(resolve(directory)),
    `.${basename(directory)}.${randomBytes(6).toString('hex')}.tmp`,
  )
  try {
    await exportCheckpoint({ value, gradient }, temporary)
    await rename(temporary, directory)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw systemFileError(directory, 'a name for a new directory', error)
  }
}

/** Each name that looks like a part's must be that of the part in it. */
async function checkNames({ directory, identity }: Sum): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith('part-')) continue
    const path = join(directory, name)
    const record = await recordIn(path)
    if (record === undefined) throw fileError(path, 'has no part.json; remove it')
    if (name === `part-${record.part}` && record.part < identity.parts) continue
    const problem =
      record.part < identity.parts
        ? `holds part ${record.part}, which belongs in part-${record.part} and would be there twice; remove one of them`
        : `holds part ${record.part}, and this is a sum of ${identity.parts}, counted from 0; remove it`
    throw fileError(path, problem)
  }
}

async function checkGaps(sum: Sum): Promise<void> {
  const names = new Set(await readdir(sum.directory))
  const gaps: number[] = []
  for (let part = 0; part < sum.identity.parts; part++) if (!names.has(`part-${part}`)) gaps.push(part)
  if (gaps.length > 0) throw missing(sum, gaps)
}

function missing({ directory, identity }: Sum, gaps: readonly number[]) {
  return fileError(
    directory,
    `${gaps.length} of ${identity.parts} parts ${gaps.length === 1 ? 'is' : 'are'} missing: ${shortened(gaps)}; compute them with gradient --part N or --parts all, or fetch them with jobs collect`,
  )
}

/** `0, 4-7, 9`, with at most ten ranges. */
function shortened(numbers: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last?.[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  const shown = ranges.slice(0, 10).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
  return shown.join(', ') + (ranges.length > 10 ? ', …' : '')
}

function checkLayout(
  sum: Sum,
  part: number,
  { record }: PartReader,
  totals: ReadonlyMap<string, Float64Array>,
): void {
  const path = partPath(sum, part)
  if (part === 0) return
  const isEqual =
    record.arrays.length === totals.size &&
    record.arrays.every(({ file, count }) => totals.get(file)?.length === count)
  if (!isEqual)
    throw fileError(
      path,
      'has arrays of other names or sizes than part 0; check that the control is the same for all parts',
    )
}

/** The arrays as the tree that `exportCheckpoint` gave these names to. */
function treeOf(totals: ReadonlyMap<string, Float64Array>): unknown {
  const root: Record<string, unknown> = {}
  for (const [file, total] of totals) {
    const path = file.replace(/\.npy$/, '').split('.')
    let at = root
    for (const key of path.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>
    at[path.at(-1)!] = total
  }
  return root['gradient']
}
