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
 * Runs `work` with the stores that the schedule needs. If the user chose no directory, the files go to a temporary one, which is
 * removed afterwards, even after a second Ctrl-C.
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
  if (chosen !== undefined) return work(await inFiles(onDisk, resolve(chosen), signal))
  const own = await mkdtemp(join(tmpdir(), 'checkpoint-schedules-'))
  const remove = () => rmSync(own, { recursive: true, force: true })
  process.once('exit', remove)
  try {
    return await work(await inFiles(onDisk, own, signal))
  } finally {
    process.off('exit', remove)
    remove()
  }
}

async function inFiles(
  storages: readonly string[],
  directory: string,
  signal: AbortSignal,
): Promise<CheckpointStores> {
  const { fileStore } = await import('@checkpoint-schedules/storage-fs')
  const store = heedingStore(fileStore({ directory }), signal)
  return { stores: Object.fromEntries(storages.map((storage) => [storage, store])), directory }
}
