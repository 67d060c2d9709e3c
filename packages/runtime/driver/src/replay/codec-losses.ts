/**
 * Does a codec give values back as they were? One that rounds makes a sweep from a checkpoint differ from the first one, which looks
 * like a step that is not reproducible.
 *
 * What a codec's values are is its own affair: a handle that comes back with another number has lost nothing. So a loss is only what
 * shows in plain data, and in the same way twice.
 */
import { type Codec, type Tree, treeCodec } from '@checkpoint-schedules/model'
import { type Digest, digestTree, fieldNames } from './digest.js'

/** The digest of a value's own fields, where it is plain data. */
export function fieldsOf(value: unknown): Digest | undefined {
  try {
    treeCodec.byteLength(value) // refuses what is no plain data
    return digestTree(value as Tree)
  } catch {
    return undefined
  }
}

/** What `codec` does to `value`, in words; `undefined` where it does nothing, or where that cannot be seen. */
export async function lossOf<T>(value: T, codec: Codec<T>): Promise<string | undefined> {
  const before = fieldsOf(value)
  if (before === undefined) return undefined
  const ways: Record<string, () => Promise<T>> = {
    'clone(state)': async () => codec.clone(value),
    'decode(encode(state))': async () => codec.decode(await codec.encode(value)),
  }
  for (const [name, way] of Object.entries(ways)) {
    const [once, twice] = [await fieldsAfter(way, codec), await fieldsAfter(way, codec)]
    if (once === undefined || twice === undefined || differenceOf(once, twice) !== undefined) continue
    const at = differenceOf(before, once)
    if (at !== undefined) return `${name} changes ${nameOf(at, value as Tree)}`
  }
  return undefined
}

async function fieldsAfter<T>(way: () => Promise<T>, codec: Codec<T>): Promise<Digest | undefined> {
  try {
    const value = await way()
    const digest = fieldsOf(value)
    await codec.dispose?.(value)
    return digest
  } catch {
    return undefined // a run that never encodes may have a codec that cannot
  }
}

/** Where two digests differ first: 0 for the shape, then the fields; `undefined` where they do not. */
export function differenceOf(before: Digest, now: Digest): number | undefined {
  if (before[0] !== now[0] || before.length !== now.length) return 0
  const at = now.findIndex((part, i) => part !== before[i])
  return at < 0 ? undefined : at
}

/** What is at that place of a digest. */
export function nameOf(place: number, value: Tree): string {
  return place === 0 ? 'its shape (names, types or lengths)' : fieldNames(value)[place - 1]!
}
