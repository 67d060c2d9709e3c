/** The files of a part that is done: written all at once, and checked in full when they are read. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import {
  CheckpointScheduleError,
  isCheckpointScheduleError,
  type NumericArray,
} from '@checkpoint-schedules/core'
import { exportCheckpoint } from '@checkpoint-schedules/storage-fs'
import { fileError, systemFileError } from '../files/file-error.js'
import { readNpy } from '../files/npy.js'
import { forEachArray, gradientSha256 } from '../run/gradient.js'
import { type Maker, showMaker } from './identity.js'
import { readSealed, sealed } from './sealed-json.js'
import { partPath, type Sum } from './sum-directory.js'

const FORMAT = 'checkpoint-schedules part'
const VERSION = 1
const RECORD = 'part.json'
const EXPECTED = `the ${RECORD} of a part`
/** What `exportCheckpoint` makes of `{ value, gradient }`. */
const NAME = /^(value|gradient(\.[A-Za-z0-9_-]+)*)\.npy$/

/** An array of a part. */
interface PartArray {
  readonly file: string
  readonly count: number
  readonly sha256: string
}

/** What `part.json` says. */
export interface PartRecord {
  readonly part: number
  readonly fingerprint: string
  readonly maker: Maker
  /** The fingerprint of the part's model, or null. */
  readonly model: string | null
  readonly arrays: readonly PartArray[]
}

/** The result of a part. */
export interface PartResult {
  readonly part: number
  readonly value: number
  readonly gradient: unknown
  readonly model: string | undefined
}

/** The arrays of a part that are to be added, one after the other. */
export interface PartReader {
  readonly record: PartRecord
  /** Reads the arrays of the record in order and checks each against its checksum. */
  arrays(): AsyncGenerator<{ readonly file: string; readonly data: NumericArray['data'] }>
}

/**
 * Writes a part. A kill at any moment leaves all of it or nothing but a directory whose name begins with a dot. If another process has
 * written the same part meanwhile, that one stays.
 *
 * @throws `INVALID_FILE`
 */
export async function writePart(sum: Sum, { part, value, gradient, model }: PartResult): Promise<void> {
  const path = partPath(sum, part)
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await mkdir(temporary)
    const files = await exportCheckpoint({ value, gradient }, temporary)
    const arrays: PartArray[] = []
    forEachArray({ value, gradient }, (numbers) => {
      arrays.push({
        file: files[arrays.length] ?? '',
        count: numbers.length,
        sha256: gradientSha256(numbers),
      })
    })
    if (arrays.length !== files.length)
      throw new CheckpointScheduleError(
        'INVALID_VALUE',
        `the gradient of part ${part} must be a tree of Float64Array, Float32Array and numbers; it has other arrays, which cannot be added.`,
      )
    const record = { part, fingerprint: sum.fingerprint, maker: sum.maker, model: model ?? null, arrays }
    const file = await open(join(temporary, RECORD), 'wx')
    await file.writeFile(sealed({ format: FORMAT, version: VERSION, ...record }))
    await file.close()
    for (const name of [...files, RECORD, '.']) await flush(join(temporary, name))
    await rename(temporary, path)
    await flush(dirname(path))
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw systemFileError(path, 'a directory that can be written', error)
  }
}

/**
 * Opens a part; `undefined` if it is not there.
 *
 * @throws `INVALID_FILE`: it is damaged, or not a part of this sum.
 */
export async function openPart(sum: Sum, part: number): Promise<PartReader | undefined> {
  const path = partPath(sum, part)
  let record = await recordIn(path)
  if (record === undefined) {
    const files = await readdir(path).catch(() => [])
    if (files.length === 0) return undefined
    record = await recordIn(path) // another process may have written it meanwhile
    if (record === undefined)
      throw fileError(
        path,
        `has files but no ${RECORD}, as after a copy that was cut off; remove it, and compute part ${part} again`,
      )
  }
  if (record.part !== part)
    throw fileError(path, `holds part ${record.part}, not part ${part}; remove it, and compute part ${part}`)
  if (record.fingerprint !== sum.fingerprint)
    throw fileError(
      path,
      `is a part of another sum: the fingerprint of its model, options and inputs is ${record.fingerprint.slice(0, 12)}… and not ${sum.fingerprint.slice(0, 12)}…; remove it, and compute part ${part} again`,
    )
  if (showMaker(record.maker) !== showMaker(sum.maker))
    throw fileError(
      path,
      `was computed by ${showMaker(record.maker)}, and the others by ${showMaker(sum.maker)}: the last digits may differ; remove it, and compute part ${part} again`,
    )
  return { record, arrays: () => arraysOf(path, record) }
}

/** The record in a directory; `undefined` if there is none. @throws `INVALID_FILE` */
export async function recordIn(path: string): Promise<PartRecord | undefined> {
  const file = join(path, RECORD)
  const content = await readSealed(file, EXPECTED).catch((error: unknown) => {
    throw again(path, error)
  })
  if (content === undefined) return undefined
  const { format, version, ...record } = content
  if (format !== FORMAT) throw fileError(file, `expected ${EXPECTED}; it is something else`)
  if (version !== VERSION)
    throw fileError(
      file,
      `was written by another version (format ${String(version)}, this one reads ${VERSION}); remove ${path}, and compute that part again`,
    )
  // Its checksum is right, so it is as we wrote it; file names are checked nevertheless, as they are opened.
  const known = record as unknown as PartRecord
  const stray = known.arrays.find((array) => !NAME.test(array.file))
  if (stray !== undefined) throw fileError(file, `expected ${EXPECTED}; it names the file ${stray.file}`)
  return known
}

async function* arraysOf(path: string, { arrays }: PartRecord) {
  for (const { file, count, sha256 } of arrays) {
    const at = join(path, file)
    const { data } = await readNpy(at).catch((error: unknown) => {
      throw again(path, error)
    })
    if (data.length !== count || gradientSha256(data) !== sha256)
      throw again(path, fileError(at, 'is damaged: its checksum is not the recorded one'))
    yield { file, data }
  }
}

/** The error with the way out. */
function again(path: string, error: unknown): unknown {
  if (!isCheckpointScheduleError(error)) return error
  const { code, message, details } = error
  const sentence = `${message.replace(/\.$/, '')}; remove ${path}, and compute that part again.`
  return new CheckpointScheduleError(code, sentence, { details, cause: error })
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
