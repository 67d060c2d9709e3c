/** A fresh directory for each test, and stores opened in it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CheckpointKey,
  type OpenStore,
  type StoreSettings,
  treeCodec,
} from '@checkpoint-schedules/model'
import { afterEach } from 'vitest'
import { fileStore } from '../../src/index.js'

const made: string[] = []
const opened: OpenStore[] = []

afterEach(async () => {
  for (const store of opened.splice(0)) await Promise.resolve(store.close()).catch(() => undefined)
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true })
})

/** A directory that does not exist yet. */
export function newDirectory(): string {
  const parent = mkdtempSync(join(tmpdir(), 'storage-fs-'))
  made.push(parent)
  return join(parent, 'run')
}

export const settings = (over: Partial<StoreSettings> = {}): StoreSettings => ({
  storage: 'DISK',
  limit: null,
  codecs: { restart: treeCodec, dependency: treeCodec },
  ...over,
})

/** A store in `directory`; closed after the test. */
export async function openStore(directory: string, over: Partial<StoreSettings> = {}): Promise<OpenStore> {
  const store = await fileStore({ directory }).open(settings(over))
  opened.push(store)
  return store
}

export const restart = (step: number): CheckpointKey => ({ step, kind: 'restart' })

/** A state with a large array, in the worker's hands as it is, and small things that ride along. */
export const state = (seed: number, length = 9000) => ({
  u: Float64Array.from({ length }, (_, i) => Math.sin(seed + i)),
  time: -0,
  small: Float32Array.of(seed, Number.NaN),
})
