/**
 * The directory of a sum: what it is a sum of, and a directory for each part that is done.
 *
 * ```
 * gradient.json          which sum this is
 * part-0/ part-1/ …      value.npy, gradient*.npy, part.json with checksums: complete, or not there
 * journal-7/             of a part that is being computed, or was interrupted
 * sum/                   what reduce writes
 * ```
 */
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError, systemFileError } from '../files/file-error.js'
import { writeNewFile } from '../files/new-file.js'
import {
  differenceOf,
  fingerprintOf,
  type Maker,
  showMaker,
  type SumIdentity,
  thisMaker,
} from './identity.js'
import { readSealed, sealed } from './sealed-json.js'

const FORMAT = 'checkpoint-schedules sum'
const VERSION = 1
const FILE = 'gradient.json'
const EXPECTED = `the ${FILE} of checkpoint-schedules gradient`

/** The sum that a directory is for. */
export interface Sum {
  readonly directory: string
  readonly identity: SumIdentity
  readonly fingerprint: string
  readonly maker: Maker
}

export const partPath = ({ directory }: Sum, part: number) => join(directory, `part-${part}`)
export const journalPath = ({ directory }: Sum, part: number) => join(directory, `journal-${part}`)

/**
 * Makes the directory one for this sum, or sees that it is. Several processes may do so at once.
 *
 * @param maker - What computes the parts.
 * @throws `INVALID_FILE`: it is for another sum, or for something else, or another version began it.
 */
export async function claimSum(
  directory: string,
  identity: SumIdentity,
  maker: Maker = thisMaker(),
): Promise<Sum> {
  const mine = { directory, identity, fingerprint: fingerprintOf(identity), maker }
  const there = (await readSum(directory)) ?? (await begin(mine))
  const difference = differenceOf(there.identity, identity)
  if (difference !== undefined)
    throw fileError(
      directory,
      `holds the parts of another sum: ${difference}. Pass another directory with --out, or compute the same sum`,
    )
  if (showMaker(there.maker) !== showMaker(mine.maker))
    throw fileError(
      directory,
      `holds parts computed by ${showMaker(there.maker)}, and these are by ${showMaker(mine.maker)}: their last digits may differ. Use that version, or another directory with --out`,
    )
  return there
}

/** The sum that a directory is for; `undefined` if that is not known. @throws `INVALID_FILE` */
export async function readSum(directory: string): Promise<Sum | undefined> {
  const path = join(directory, FILE)
  const content = await readSealed(path, EXPECTED)
  if (content === undefined) return undefined
  const { format, version, identity, maker } = content
  if (format !== FORMAT) throw fileError(path, `expected ${EXPECTED}; it is something else`)
  if (version !== VERSION)
    throw fileError(
      path,
      `was written by another version (format ${String(version)}, this one reads ${VERSION}); use that version, or another directory`,
    )
  // Its checksum is right, so it is as we wrote it.
  const known = identity as SumIdentity
  return { directory, identity: known, fingerprint: fingerprintOf(known), maker: maker as Maker }
}

async function begin(sum: Sum): Promise<Sum> {
  const { directory, identity, maker } = sum
  await makeEmpty(directory)
  const text = sealed({ format: FORMAT, version: VERSION, identity, maker })
  try {
    await writeNewFile(join(directory, FILE), text, { force: false })
    return sum
  } catch (error) {
    const theirs = await readSum(directory) // another process was faster
    if (theirs === undefined) throw error
    return theirs
  }
}

async function makeEmpty(directory: string): Promise<void> {
  const expected = 'a directory for parts, or a name for a new one'
  try {
    await mkdir(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw systemFileError(directory, expected, error)
    const names = await readdir(directory).catch((cause: unknown) => {
      throw systemFileError(directory, expected, cause)
    })
    const others = names.filter((name) => !name.startsWith(`.${FILE}.`) && name !== FILE)
    if (others.length > 0 && !names.includes(FILE))
      throw fileError(directory, `expected ${expected}; it has other files in it, such as ${others[0]}`)
  }
}
