/** Where `run` keeps checkpoints: RAM in memory, every other storage in files. */
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Schedule } from '@checkpoint-schedules/core'
import type { Store } from '@checkpoint-schedules/driver'
import { heedingStore } from './heeding.js'

/** The stores of a run, and the directory of its files, if there are any. */
export interface CheckpointStores {
  readonly stores: Readonly<Record<string, Store>>
  readonly directory: string | undefined
}

/**
 * Runs `work` with the stores that the schedule needs. If the user chose no directory, the files go to a temporary one.
 */
export async function withCheckpointStores<T>(
  schedule: Schedule,
  steps: number | undefined,
  chosen: string | undefined,
  signal: AbortSignal,
  work: (stores: CheckpointStores) => Promise<T>,
): Promise<T> {
  const onDisk = Object.keys(schedule.limits(steps)).filter((storage) => storage !== 'RAM')
  if (onDisk.length === 0) return work({ stores: {}, directory: undefined })
  return withDirectory(chosen, tmpdir(), async (directory) => {
    const store = await fileStoreIn(directory, signal)
    return work({ stores: Object.fromEntries(onDisk.map((storage) => [storage, store])), directory })
  })
}

/**
 * Runs `work` with the directory that the user chose, or with a temporary one in `parent`, which is removed afterwards, even after a second
 * Ctrl-C.
 */
export async function withDirectory<T>(
  chosen: string | undefined,
  parent: string,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  if (chosen !== undefined) return work(resolve(chosen))
  const own = await mkdtemp(join(parent, 'checkpoint-schedules-'))
  const remove = () => rmSync(own, { recursive: true, force: true })
  process.once('exit', remove)
  try {
    return await work(own)
  } finally {
    process.off('exit', remove)
    remove()
  }
}

/** Files in this directory; opening them ends when `signal` is aborted. */
export async function fileStoreIn(directory: string, signal: AbortSignal): Promise<Store> {
  const { fileStore } = await import('@checkpoint-schedules/storage-fs')
  return heedingStore(fileStore({ directory }), signal)
}
