/** How long a store takes to write and to read a checkpoint. */
import type { CheckpointKind } from '@checkpoint-schedules/core'
import type { Codec, Store } from '@checkpoint-schedules/model'
import type { HeldValues } from './held-values.js'
import { timed } from './model-probe.js'

export interface TransferTimes {
  readonly write: number[]
  readonly read: number[]
}

interface StoreProbe {
  readonly storage: string
  readonly store: Store
  readonly codecs: { readonly restart: Codec<unknown>; readonly dependency: Codec<unknown> }
  readonly values: HeldValues
  /** A value of the caller's own. */
  readonly make: (kind: CheckpointKind) => Promise<unknown>
  readonly samples: number
  readonly signal: AbortSignal | undefined
}

/** Writes and reads checkpoints of both kinds in turn; afterwards the store is as empty as before. */
export async function measureStore(probe: StoreProbe): Promise<Record<CheckpointKind, TransferTimes>> {
  const { storage, store, codecs, values, make, samples, signal } = probe
  const times = { restart: { write: [], read: [] }, dependency: { write: [], read: [] } } as Record<
    CheckpointKind,
    TransferTimes
  >
  const open = await store.open({ storage, limit: 2, codecs, signal })
  try {
    for (let i = 0; i <= samples; i++)
      for (const kind of ['restart', 'dependency'] as const) {
        signal?.throwIfAborted()
        const key = { step: kind === 'restart' ? 0 : 1, kind }
        const value = values.give(await make(kind))
        const write = await timed(1, async () => {
          await open.put(key, value)
        })
        let copy: unknown
        const read = await timed(1, async () => {
          copy = await open.get(key)
        })
        await codecs[kind].dispose?.(copy)
        await open.delete(key)
        // The first one allocates files.
        if (i === 0) continue
        times[kind].write.push(write)
        times[kind].read.push(read)
      }
  } finally {
    await open.clear()
    await open.close()
  }
  return times
}
