/** Small JSON files with a checksum of their own, so that damage is never read as content. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { fileError, systemFileError } from '../files/file-error.js'

const MOST_BYTES = 1 << 22

/** The text of a file with this content, which must be plain JSON without a key `checksum`. */
export function sealed(content: object): string {
  return `${JSON.stringify({ ...content, checksum: checksumOf(content) }, undefined, 2)}\n`
}

/**
 * The content of a file; `undefined` if there is none.
 *
 * @param expected - What the file should be, for messages.
 * @throws `INVALID_FILE`: it cannot be read, or its bytes have changed.
 */
export async function readSealed(
  path: string,
  expected: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await textOf(path, expected)
  if (text === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw fileError(path, `expected ${expected}; it is damaged`, error)
  }
  if (typeof value !== 'object' || value === null)
    throw fileError(path, `expected ${expected}; it is damaged`)
  const { checksum, ...content } = value as Record<string, unknown>
  if (checksum !== checksumOf(content)) throw fileError(path, `expected ${expected}; it is damaged`)
  return content
}

async function textOf(path: string, expected: string): Promise<string | undefined> {
  try {
    const file = await open(path, 'r')
    try {
      const facts = await file.stat()
      if (!facts.isFile() || facts.size > MOST_BYTES)
        throw fileError(path, `expected ${expected}; it is not a small file`)
      return await file.readFile('utf8')
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw systemFileError(path, expected, error)
  }
}

function checksumOf(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}
