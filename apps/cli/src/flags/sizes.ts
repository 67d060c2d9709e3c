/** Sizes in bytes as people type them: `512MB`, `4GiB`, `1.5 kB`. */

/** A number of bytes in place of a number of checkpoints. */
export interface ByteSize {
  readonly bytes: number
  /** As typed. */
  readonly text: string
}

const units: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

/** For messages. */
export const sizeForms = 'a size such as 800kB, 512MB or 4GiB'

/** The size in `text`; `undefined` if it is not a size. */
export function parseSize(text: string): ByteSize | undefined {
  const parts = /^(\d+(?:\.\d+)?) ?([a-z]+)$/i.exec(text.trim())
  const unit = units[parts?.[2]?.toLowerCase() ?? '']
  return unit === undefined ? undefined : { bytes: Math.floor(Number(parts![1]) * unit), text }
}

export function isByteSize(value: unknown): value is ByteSize {
  return typeof value === 'object' && value !== null && 'bytes' in value && 'text' in value
}
