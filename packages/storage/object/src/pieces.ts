/**
 * A file in pieces: it is as long as its buffers together, and cut wherever a piece is full.
 *
 * ```
 * buffers   | front |        large array        |  array  |
 * pieces    |     1     |     2     |     3     |   4   |      2 is a view of the array, the others are copies of at most a piece
 * ```
 */

/** The pieces of what the buffers have, in order. Pieces that lie within a buffer are views of it. */
export function* cut(buffers: readonly Uint8Array[], pieceBytes: number): Generator<Uint8Array> {
  let parts: Uint8Array[] = []
  let size = 0
  for (const buffer of buffers)
    for (let from = 0; from < buffer.length;) {
      const part = buffer.subarray(from, from + pieceBytes - size)
      parts.push(part)
      size += part.length
      from += part.length
      if (size === pieceBytes) {
        yield joined(parts, size)
        parts = []
        size = 0
      }
    }
  if (size > 0) yield joined(parts, size)
}

/** Copies a piece that begins at `from` of the file to the buffers in which it lies. */
export function paste(piece: Uint8Array, from: number, buffers: readonly Uint8Array[]): void {
  let at = 0 // where a buffer begins
  for (const buffer of buffers) {
    const first = Math.max(from, at)
    const last = Math.min(from + piece.length, at + buffer.length)
    if (first < last) buffer.set(piece.subarray(first - from, last - from), first - at)
    at += buffer.length
  }
}

/** Runs `work` for each of 0 … `count` - 1, a few at a time. After a failure none is begun; it is thrown when all have settled. */
export async function aFewAtATime(
  count: number,
  width: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  let failure: { readonly error: unknown } | undefined
  const lane = async () => {
    while (next < count && failure === undefined) {
      try {
        await work(next++)
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane))
  if (failure !== undefined) throw failure.error
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1) return parts[0]!
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
