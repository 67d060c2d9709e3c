/** The store suite itself under test: each store here is broken in one way, and the claim about it must fail. */
import type { CheckpointKey, OpenStore, Store, StoreSettings } from '@checkpoint-schedules/model'
import { memoryStore } from '@checkpoint-schedules/model'
import { describe, expect, it, test } from 'vitest'
import { testStore } from '../src/index.js'

testStore(memoryStore, { describe, it })

/** What a store that is right is changed to. */
type Change = (right: OpenStore, settings: StoreSettings) => Partial<OpenStore>

/** A memory store with some of its operations replaced. */
function changed(change: Change): Store {
  const store = memoryStore()
  return {
    ...store,
    medium: 'faults',
    async open(settings) {
      const right = await store.open(settings)
      return { ...right, ...change(right, settings) }
    },
  }
}

async function failures(factory: () => Store): Promise<Map<string, string>> {
  const failed = new Map<string, string>()
  const bodies: [string, () => void | Promise<void>][] = []
  testStore(factory, {
    describe: (_, body) => body(),
    it: (name, body) => bodies.push([name, body]),
    runs: 100,
  })
  for (const [name, body] of bodies) {
    try {
      await body()
    } catch (error) {
      failed.set(name, (error as Error).message)
    }
  }
  return failed
}

const cases: [string, Change, string, RegExp][] = [
  [
    'loses the sign of zero',
    (right) => ({ put: (key, value) => right.put(key, value === 0 ? 0 : value) }),
    'gives back what was put, bit for bit',
    /Counterexample: \[-0\]/,
  ],
  [
    'rounds to 32 bits',
    (right) => ({
      put: (key, value) =>
        right.put(key, value instanceof Float64Array ? Float64Array.from(new Float32Array(value)) : value),
    }),
    'gives back what was put, bit for bit',
    /other bits than were put/,
  ],
  [
    'gives itself instead of a copy',
    (right) => ({
      async get(key) {
        const value = await right.take(key)
        await right.put(key, value)
        return value
      },
    }),
    'gives copies that the caller owns',
    /after an earlier copy was overwritten/,
  ],
  [
    'keeps what is taken',
    (right) => ({ take: (key) => right.get(key) }),
    'reports what it holds',
    /keys\(\) names the steps \[1,3,5\]; held are \[1,5\]/,
  ],
  ['keeps what is deleted', () => ({ delete() {} }), 'reports what it holds', /held are \[5\]/],
  ['keeps what is cleared', () => ({ clear() {} }), 'reports what it holds', /held are \[\]/],
  [
    'mistakes the kind',
    (right) => ({ keys: () => Array.from(right.keys(), ({ step }) => ({ step, kind: 'restart' as const })) }),
    'reports what it holds',
    /calls dependency data restart/,
  ],
  [
    'gives undefined for what it does not hold',
    (right) => ({ get: (key) => (has(right, key) ? right.get(key) : undefined) }),
    'refuses what it does not hold',
    /get of a step never put is not refused/,
  ],
  [
    'refuses in its own words',
    (right) => ({
      take(key) {
        if (!has(right, key)) throw new Error('no')
        return right.take(key)
      },
    }),
    'refuses what it does not hold',
    /take of a step never put is not refused with STORE_FAILED/,
  ],
  [
    'mixes up operations under way',
    (right) => {
      let last: CheckpointKey
      return {
        async put(key, value) {
          last = key
          await Promise.resolve()
          await right.put(last, value)
        },
      }
    },
    'serves several operations at once',
    /./,
  ],
  [
    'drops the oldest beyond four',
    (right) => ({
      async put(key, value) {
        const keys = [...right.keys()]
        if (keys.length >= 4) await right.delete(keys[0]!)
        await right.put(key, value)
      },
    }),
    'holds as many as its limit',
    /./,
  ],
  ['cannot flush', () => ({ flush: () => Promise.reject(new Error('no')) }), 'flushes', /^no$/],
  [
    'forgets to dispose',
    (right) => ({
      async delete(key) {
        await right.take(key)
      },
    }),
    'disposes of each value once',
    /after clear 1 values are alive/,
  ],
  [
    'disposes twice',
    (right, { codecs }) => ({
      async take(key) {
        const value = await right.take(key)
        await codecs[key.kind].dispose?.(value)
        return value
      },
    }),
    'disposes of each value once',
    /used a value after it was disposed of/,
  ],
  [
    'loses a checkpoint when a copy fails',
    (right) => ({
      async get(key) {
        try {
          return await right.get(key)
        } catch (error) {
          if (error instanceof Error && error.message.includes('made to fail')) await right.delete(key)
          throw error
        }
      },
    }),
    'loses nothing else when an operation fails',
    /holds no restart data of step 1/,
  ],
  [
    'gives up clearing when aborted',
    (right, { signal }) => ({
      clear: () => (signal?.aborted ? undefined : right.clear()),
    }),
    'leaves nothing behind when it is aborted',
    /keys\(\) names the steps/,
  ],
]

function has(store: OpenStore, key: CheckpointKey): boolean {
  return Array.from(store.keys()).some(({ step, kind }) => step === key.step && kind === key.kind)
}

test.each(cases)('a store that %s', async (_, change, claim, message) => {
  const failed = await failures(() => changed(change))
  expect([...failed.keys()]).toContain(claim)
  expect(failed.get(claim)).toMatch(message)
})

test('a store that is one for all runs', async () => {
  const failed = await failures(() => {
    const store = memoryStore()
    let shared: OpenStore | undefined
    return {
      medium: 'faults',
      open: async (settings) => (shared ??= await store.open(settings)),
    }
  })
  expect(failed.get('keeps runs and storages apart')).toMatch(/other bits than were put/)
})
