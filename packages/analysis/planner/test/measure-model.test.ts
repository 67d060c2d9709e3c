/** Measuring a model: sizes are exact, times come from a clock that the model turns, values are owned and released as in a run. */
import { type Codec, memoryStore, type Model, treeCodec } from '@checkpoint-schedules/model'
import { measureModel } from '@checkpoint-schedules/planner'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

let now = 0
beforeEach(() => {
  now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Steps that take 4, 6 and 10 ms, on that clock. */
const model: Model<Float64Array, Float64Array, Float64Array> = {
  step: (u) => {
    now += 4
    u[0]! += 1
    return u
  },
  tape: (u, n) => {
    now += 6
    u[0]! += 1
    return { state: u, tape: Float64Array.of(u[0]!, n, 0) }
  },
  adjoint: (a, tape, n) => {
    now += 10
    expect(tape[1]).toBe(n)
    return a
  },
}
const initialState = new Float64Array(8)
const terminalAdjoint = new Float64Array(2)

/** A disk on which eight bytes take 1 ms to write and half of that to read. */
const disk = {
  medium: 'a clock',
  open: (settings: Parameters<ReturnType<typeof memoryStore>['open']>[0]) => {
    const inner = memoryStore().open(settings) as Exclude<
      ReturnType<ReturnType<typeof memoryStore>['open']>,
      PromiseLike<any>
    >
    const bytesOf = (value: unknown) => (value as Float64Array).byteLength
    return {
      ...inner,
      put: async (key: never, value: unknown) => {
        now += bytesOf(value) / 8
        await inner.put(key, value)
      },
      get: async (key: never) => {
        const value = await inner.get(key)
        now += bytesOf(value) / 16
        return value
      },
      take: inner.take.bind(inner),
      delete: inner.delete.bind(inner),
      keys: inner.keys.bind(inner),
      flush: inner.flush.bind(inner),
      clear: inner.clear.bind(inner),
      close: inner.close.bind(inner),
    }
  },
}

describe('measureModel', () => {
  it('measures what the model and the store take', async () => {
    const { sizes, costs, spread } = await measureModel({
      model,
      initialState,
      terminalAdjoint,
      stores: { DISK: disk },
    })
    expect(sizes).toEqual({ state: 64, tape: 24, adjoint: 16 })
    expect(costs).toEqual({
      forwardStep: 4,
      tapedStep: 6,
      adjointStep: 10,
      copy: 0,
      write: { DISK: 8 },
      read: { DISK: 4 },
      writeTape: { DISK: 3 },
      readTape: { DISK: 1.5 },
    })
    expect(spread['forwardStep']).toEqual({
      least: 4,
      lowerQuartile: 4,
      median: 4,
      upperQuartile: 4,
      most: 4,
      samples: 7,
    })
    expect(initialState).toEqual(new Float64Array(8))
  })

  it.each(['released by the collector', 'released by dispose'])(
    'times a copy of a state, %s',
    async (how) => {
      const clone = (u: Float64Array) => ((now += 2), u.slice())
      const dispose = how.endsWith('dispose') ? () => void (now += 1) : undefined
      const codecs = { state: { ...treeCodec, clone, dispose } as unknown as Codec<Float64Array> }
      const { costs } = await measureModel({ model: { ...model, codecs }, initialState, terminalAdjoint })
      expect(costs.copy).toBe(dispose === undefined ? 2 : 3)
      expect(costs.forwardStep).toBe(4)
    },
  )

  it('a copy costs what it costs in memory that is there', async () => {
    let copies = 0
    const clone = (u: Float64Array) => ((now += copies++ % 4 === 0 ? 2 : 100), u.slice())
    const codecs = { state: { ...treeCodec, clone } as unknown as Codec<Float64Array> }
    const { costs, spread } = await measureModel({
      model: { ...model, codecs },
      initialState,
      terminalAdjoint,
    })
    expect(costs.copy).toBe(2)
    expect(spread['copy']!.median).toBe(100)
  })

  it('is as robust as a median', async () => {
    let calls = 0
    const slow = { ...model, step: (u: Float64Array) => ((now += calls++ % 5 === 4 ? 100 : 4), u) }
    const { costs, spread } = await measureModel({ model: slow, initialState, terminalAdjoint })
    expect(costs.forwardStep).toBe(4)
    expect(spread['forwardStep']!.most).toBe(100)
  })

  it('takes no more steps than the model has, and several of those that are fast', async () => {
    const seen: number[] = []
    const fast = { ...model, step: (u: Float64Array, n: number) => ((now += 0.01), seen.push(n), u) }
    const { costs } = await measureModel({ model: fast, initialState, terminalAdjoint, steps: 9 })
    expect(Math.max(...seen)).toBeLessThan(9)
    expect(costs.forwardStep).toBeCloseTo(0.01, 12)
    const before = seen.length
    await measureModel({ model: fast, initialState, terminalAdjoint })
    expect(seen.length).toBeGreaterThan(1000 + before)
  })

  it('owns values as a run does: each is released once, whatever fails', async () => {
    for (const failing of ['none', 'step', 'tape', 'adjoint', 'put', 'terminal', 'abort']) {
      const alive = new Set<object>()
      const fresh = () => {
        const value = { id: alive.size }
        alive.add(value)
        return value
      }
      const release = (value: object) => {
        expect(alive.delete(value), failing).toBe(true)
      }
      const codec = {
        clone: fresh,
        byteLength: () => 8,
        dispose: release,
        encode: () => new Uint8Array(8),
        decode: fresh,
      }
      const abort = new AbortController()
      let calls = 0
      const or = <T>(phase: string, value: () => T): T => {
        if (phase === failing && (calls += 1) === 2) throw new Error('on purpose')
        return value()
      }
      const owned: Model<object, object, object> = {
        codecs: { state: codec, tape: codec, adjoint: codec },
        step: async (state) => or('step', () => (release(state), fresh())),
        tape: (state) => or('tape', () => (release(state), { state: fresh(), tape: fresh() })),
        adjoint: async (adjoint) => or('adjoint', () => (release(adjoint), (now += 20), abortIf(), fresh())),
      }
      const abortIf = () => {
        if (failing === 'abort') abort.abort(new Error('on purpose'))
      }
      const store = memoryStore()
      const faulty = {
        ...store,
        open: async (settings: Parameters<typeof store.open>[0]) => {
          const open = await store.open(settings)
          const put = open.put.bind(open)
          open.put = async (key, value) => {
            await put(key, value)
            or('put', () => undefined)
          }
          return open
        },
      }
      const initial = fresh()
      const measuring = measureModel({
        model: owned,
        initialState: initial,
        terminalAdjoint: () => or('terminal', fresh),
        stores: { DISK: faulty },
        signal: abort.signal,
      })
      if (failing === 'none') await measuring
      else await expect(measuring, failing).rejects.toThrow('on purpose')
      expect([...alive], failing).toEqual([initial])
    }
  })

  it('says what is missing', async () => {
    const refusing = {
      ...model,
      adjoint: () => {
        throw new Error('not like a state')
      },
    }
    await expect(measureModel({ model: refusing, initialState })).rejects.toThrow(
      /^measureModel: terminalAdjoint is missing, and the model does not take a copy of the state for an adjoint .*not like a state/,
    )
    await expect(measureModel({ model, initialState, samples: 0 })).rejects.toThrow(
      'samples must be an integer >= 1; got 0',
    )
    await expect(measureModel({ initialState } as never)).rejects.toThrow(
      'pass the model and its initialState',
    )
    await expect(measureModel({ model: { step: model.step }, initialState } as never)).rejects.toThrow(
      'tape is missing',
    )
  })
})
