/** A promise of the model that never settles cannot hold up an aborted run; one that settles in time is waited for. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { singleMemory } from '@checkpoint-schedules/basic'
import { memoryStore, type Model, runAdjoint, treeCodec } from '@checkpoint-schedules/driver'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { fileJournal } from '@checkpoint-schedules/storage-fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const N = 9
type Asynchronous = Model<number, number, number>
type Phase =
  | 'step'
  | 'tape'
  | 'adjoint'
  | 'advance'
  | 'observe'
  | 'observeAdjoint'
  | 'isDone'
  | 'terminalAdjoint'

/** `on` is awaited in each function of the model. */
function model(
  on: (phase: Phase, n: number) => Promise<void>,
): Required<Omit<Asynchronous, 'tangent' | 'curvature' | 'codecs'>> {
  const next = (x: number) => x + (x * x) / 10
  return {
    step: async (x, n) => (await on('step', n), next(x)),
    tape: async (x, n) => (await on('tape', n), { state: next(x), tape: x }),
    adjoint: async (a, x, n) => (await on('adjoint', n), a * (1 + x / 5)),
    async advance(x, n0, n1) {
      await on('advance', n0)
      for (let n = n0; n < n1; n++) x = next(x)
      return x
    },
    observe: async (_x, n) => on('observe', n),
    observeAdjoint: async (_a, n) => on('observeAdjoint', n),
    isDone: async (_x, n) => (await on('isDone', n), n === N),
    fingerprint: 'asynchronous',
  }
}

const schedule = twoLevel({ period: 4, binomialSnapshots: 1, binomialStorage: 'RAM' })

describe('pending for ever', () => {
  const phases: [Phase, number][] = [
    ['step', 3],
    ['tape', 7],
    ['adjoint', 5],
    ['advance', 0],
    ['observe', 0],
    ['observe', 9],
    ['observeAdjoint', 9],
    ['observeAdjoint', 0],
    ['isDone', 0],
    ['isDone', 6],
    ['terminalAdjoint', 9],
  ]

  test.each(phases)('%s at step %i: the run ends, and says what it waits for', async (phase, step) => {
    const controller = new AbortController()
    const reason = new Error('stop')
    let released = 0
    let settle = () => {}
    const on = (at: Phase, n: number) => {
      if (at !== phase || n !== step) return Promise.resolve()
      setTimeout(() => controller.abort(reason), 1)
      return new Promise<void>((resolve) => (settle = resolve))
    }
    const calls: string[] = []
    const watched = (at: Phase, n: number) => (calls.push(`${at} ${n}`), on(at, n))
    const { advance, ...rest } = model(watched)
    const codec = { ...treeCodec, dispose: () => void (released += 1) }
    const failed = runAdjoint({
      schedule,
      model: {
        ...(phase === 'advance' ? { ...rest, advance } : rest),
        codecs: { state: codec, tape: codec, adjoint: codec } as NonNullable<Asynchronous['codecs']>,
      },
      initialState: 0.3,
      terminalAdjoint: async () => (await watched('terminalAdjoint', N), 1),
      stores: { DISK: memoryStore() },
      signal: controller.signal,
      graceMs: 20,
    })
    await expect(failed).rejects.toMatchObject({
      code: 'MODEL_STUCK',
      message: expect.stringContaining(
        `${phase === 'terminalAdjoint' ? '' : 'model.'}${phase} has not settled its promise of step ${step} within 20 ms`,
      ),
      cause: reason,
      details: { phase, step },
    })
    // What it was given is not taken away from it, and nothing follows if it wakes up after all.
    const [count, releases] = [calls.length, released]
    settle()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect([calls.length, released]).toEqual([count, releases])
  })

  test('its journal keeps the last durable point', async () => {
    const directory = join(folder, 'stuck')
    const run = (on: (phase: Phase, n: number) => Promise<void>, signal?: AbortSignal) => {
      const { advance: _, isDone: _isDone, ...rest } = model(on)
      return runAdjoint({
        schedule: multistage({ steps: N, snapshotsInRam: 1, snapshotsOnDisk: 2 }),
        model: rest,
        initialState: 0.3,
        terminalAdjoint: 1,
        journal: fileJournal(directory, { everySteps: 1 }),
        signal,
        graceMs: 10,
      })
    }
    const controller = new AbortController()
    const hang = (phase: Phase, n: number) => {
      if (phase !== 'adjoint' || n !== 4) return Promise.resolve()
      controller.abort(new Error('stop'))
      return new Promise<void>(() => {})
    }
    await expect(run(hang, controller.signal)).rejects.toMatchObject({ code: 'MODEL_STUCK' })
    const reversed: number[] = []
    const resumed = await run(async (phase, n) => void (phase === 'adjoint' && reversed.push(n)))
    expect(reversed).toEqual([4, 3, 2, 1, 0])
    const { adjoints } = await runAdjoint({
      schedule: singleMemory(),
      model: model(() => Promise.resolve()),
      initialState: 0.3,
      terminalAdjoint: 1,
    })
    expect(resumed.adjoints).toEqual(adjoints)
    expect(existsSync(directory)).toBe(false)
  })
})

describe('slow, but not stuck', () => {
  test.each([5000, Infinity, undefined])(
    'a grace of %s: the step that is under way is waited for',
    async (graceMs) => {
      const controller = new AbortController()
      const reason = new Error('stop')
      let ended = 0
      const on = async (phase: Phase, n: number) => {
        if (phase !== 'tape' || n !== 3) return
        controller.abort(reason)
        await new Promise((resolve) => setTimeout(resolve, 50))
        ended = n
      }
      const { advance: _, ...rest } = model(on)
      const run = runAdjoint({
        schedule: singleMemory(),
        model: rest,
        initialState: 0.3,
        terminalAdjoint: 1,
        signal: controller.signal,
        graceMs,
      })
      await expect(run).rejects.toBe(reason)
      expect(ended).toBe(3)
    },
  )

  test('a failure after the abort is told as one', async () => {
    const controller = new AbortController()
    const on = async (phase: Phase, n: number) => {
      if (phase !== 'tape' || n !== 3) return
      controller.abort(new Error('stop'))
      await new Promise((resolve) => setTimeout(resolve, 5))
      throw new Error('unstable')
    }
    const run = runAdjoint({
      schedule: singleMemory(),
      model: model(on),
      initialState: 0.3,
      terminalAdjoint: 1,
      signal: controller.signal,
    })
    await expect(run).rejects.toMatchObject({ code: 'MODEL_FAILED', details: { phase: 'tape', step: 3 } })
  })

  test('a signal is let go of when the run is over', async () => {
    const listeners = new Set<unknown>()
    const { signal } = new AbortController()
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (type: string, listener: any, options?: any) => {
      listeners.add(listener)
      add(type, listener, options)
    }
    signal.removeEventListener = (type: string, listener: any) => {
      listeners.delete(listener)
      remove(type, listener)
    }
    const { advance: _, ...rest } = model(() => Promise.resolve())
    await runAdjoint({ schedule: singleMemory(), model: rest, initialState: 0.3, terminalAdjoint: 1, signal })
    expect(listeners.size).toBe(0)
  })
})
