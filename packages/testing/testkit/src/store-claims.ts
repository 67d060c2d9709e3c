/** What a store must hold to, each claim a function that throws a sentence if it does not. */
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import {
  type CheckpointKey,
  type OpenStore,
  type Store,
  treeCodec,
  type Tree,
} from '@checkpoint-schedules/model'
import { type Handle, Handles } from './handles.js'
import { sameBits } from './same-bits.js'

/** How a claim opens the store under test; what was opened is cleared and closed after the claim. */
export type Open = (settings?: Partial<Parameters<Store['open']>[0]>) => Promise<OpenStore>

const restart = (step: number): CheckpointKey => ({ step, kind: 'restart' })
const tape = (step: number): CheckpointKey => ({ step, kind: 'dependency' })
const steps = (store: OpenStore) => Array.from(store.keys(), ({ step }) => step).toSorted((a, b) => a - b)

function holds(store: OpenStore, expected: readonly number[]): void {
  const held = steps(store)
  if (!sameBits(held, expected))
    throw new Error(`keys() names the steps [${held.join()}]; held are [${expected.join()}]`)
}

function equals(found: unknown, expected: unknown, what: string): void {
  if (!sameBits(found, expected)) throw new Error(`${what} gives other bits than were put`)
}

/** What is put comes back bit for bit, as restart data and as dependency data, by `get` and by `take`. */
export async function givesBackBits(open: Open, value: Tree): Promise<void> {
  const store = await open()
  const copy = () => treeCodec.clone(value) as Promise<Tree> | Tree
  await store.put(restart(3), await copy())
  await store.put(tape(4), await copy())
  equals(await store.get(restart(3)), value, 'get of restart data')
  equals(await store.get(tape(4)), value, 'get of dependency data')
  equals(await store.take(restart(3)), value, 'take of restart data')
  equals(await store.take(tape(4)), value, 'take of dependency data')
}

/** What `get` gave belongs to the caller: changing it changes nothing else. */
export async function givesCopies(open: Open): Promise<void> {
  const store = await open()
  const value = () => ({ field: Float64Array.of(1, 2, 3), n: 7 })
  await store.put(restart(0), value())
  const first = (await store.get(restart(0))) as ReturnType<typeof value>
  first.field.fill(-1)
  first.n = -1
  equals(await store.get(restart(0)), value(), 'get, after an earlier copy was overwritten,')
  equals(await store.take(restart(0)), value(), 'take, after an earlier copy was overwritten,')
}

/** `take` hands over, `delete` releases; both free the step for another checkpoint; `keys` always reports what is held. */
export async function tellsWhatItHolds(open: Open): Promise<void> {
  const store = await open({ limit: 3 })
  holds(store, [])
  for (const n of [5, 1, 3]) await store.put(restart(n), n)
  holds(store, [1, 3, 5])
  await store.get(restart(3))
  holds(store, [1, 3, 5])
  await store.take(restart(3))
  holds(store, [1, 5])
  await store.delete(restart(1))
  holds(store, [5])
  await store.put(tape(3), 'a tape')
  const kind = Array.from(store.keys()).find(({ step }) => step === 3)?.kind
  if (kind !== 'dependency') throw new Error(`keys() calls dependency data ${kind}`)
  await store.clear()
  holds(store, [])
  await store.put(restart(1), 'after clear')
  equals(await store.get(restart(1)), 'after clear', 'get after clear')
}

/** What is not held is refused, with a sentence that names the step, and nothing changes. */
export async function refusesWhatItDoesNotHold(open: Open): Promise<void> {
  const store = await open()
  await store.put(restart(1), 'kept')
  const attempts: [string, () => unknown][] = [
    ['get of a step never put', () => store.get(restart(42))],
    ['take of a step never put', () => store.take(restart(42))],
    ['delete of a step never put', () => store.delete(restart(42))],
    ['get of restart data as dependency data', () => store.get(tape(1))],
    ['take of restart data as dependency data', () => store.take(tape(1))],
  ]
  for (const [what, attempt] of attempts) {
    const error = await errorOf(attempt)
    if (error === undefined) throw new Error(`${what} is not refused`)
    const step = what.includes('never put') ? '42' : '1'
    if (!isCheckpointScheduleError(error) || error.code !== 'STORE_FAILED')
      throw new Error(`${what} is not refused with STORE_FAILED`, { cause: error })
    if (!error.message.includes(step))
      throw new Error(`${what}: the message does not name the step: ${error.message}`)
  }
  equals(await store.get(restart(1)), 'kept', 'get after refusals')
}

/** Several operations under way at once, no two on one key, do not disturb each other. */
export async function servesSeveralAtOnce(open: Open): Promise<void> {
  const store = await open({ limit: 8 })
  const value = (n: number) => Float64Array.from({ length: 500 + 100 * (n % 3) }, (_, i) => n + i / 7)
  const all = Array.from({ length: 8 }, (_, n) => n)
  await Promise.all(all.map(async (n) => store.put(restart(n), value(n))))
  for (let round = 0; round < 3; round++) {
    const found = await Promise.all(
      all.map(async (n) => {
        if (n % 4 === round) {
          const taken = await store.take(restart(n))
          await store.put(restart(n), value(n))
          return taken
        }
        return store.get(restart(n))
      }),
    )
    for (const n of all) equals(found[n], value(n), `get or take of step ${n} among others`)
  }
  holds(store, all)
}

/** It holds as many as its limit says, over and over, of any size and also where no limit is known. */
export async function holdsItsLimit(open: Open): Promise<void> {
  for (const limit of [1, 5, null]) {
    const store = await open({ limit, storage: `LIMIT_${limit}` })
    const many = limit ?? 20
    const value = (n: number) => ({ n, field: new Float64Array(10 + 300 * (n % 4)).fill(n) })
    for (let n = 0; n < many; n++) await store.put(restart(n), value(n))
    for (let n = many; n < 3 * many; n++) {
      equals(await store.take(restart(n - many)), value(n - many), `take of step ${n - many}`)
      await store.put(restart(n), value(n))
    }
    holds(
      store,
      Array.from({ length: many }, (_, i) => 2 * many + i),
    )
  }
}

/** Stores opened at the same time, and one after the other, are separate. */
export async function keepsRunsApart(open: Open): Promise<void> {
  const [first, second] = [await open({ storage: 'FIRST' }), await open({ storage: 'SECOND' })]
  await first.put(restart(1), 'first')
  await second.put(restart(1), 'second')
  equals(await first.get(restart(1)), 'first', 'get, of two that are open,')
  await first.clear()
  await first.close()
  equals(await second.get(restart(1)), 'second', 'get, after the other was closed,')
  const third = await open({ storage: 'FIRST' })
  holds(third, [])
}

/** `flush` resolves, also with nothing held, and changes nothing. */
export async function flushes(open: Open): Promise<void> {
  const store = await open()
  await store.flush()
  await store.put(restart(1), Float64Array.of(1, 2))
  await store.flush()
  equals(await store.get(restart(1)), Float64Array.of(1, 2), 'get after flush')
}

/** Each value that the store owns is disposed of once; none is used after that; none is forgotten. */
export async function disposesOnce(open: Open): Promise<void> {
  const handles = new Handles()
  const { codec } = handles
  const store = await open({ codecs: { restart: codec, dependency: codec } })
  for (let n = 0; n < 6; n++) await store.put(n % 2 === 0 ? restart(n) : tape(n), handles.make(n))
  const copy = (await store.get(restart(0))) as Handle
  const taken = (await store.take(tape(1))) as Handle
  await store.delete(restart(2))
  equals([handles.read(copy), handles.read(taken)], [0, 1], 'get and take')
  await store.clear()
  if (handles.alive !== 2)
    throw new Error(`after clear ${handles.alive - 2} values are alive that the store owned`)
  equals([handles.read(copy), handles.read(taken)], [0, 1], 'what was handed out, after clear,')
}

/** An operation that fails, here because the codec does, loses nothing else and leaves nothing alive. */
export async function survivesFailure(open: Open): Promise<void> {
  const handles = new Handles()
  const { codec } = handles
  const store = await open({ codecs: { restart: codec, dependency: codec } })
  await store.put(restart(1), handles.make(1))
  handles.fault = new Error('the codec was made to fail')
  await errorOf(() => store.put(restart(2), handles.make(2))) // a store may or may not need the codec here
  const copy = await errorOf(() => store.get(restart(1)))
  handles.fault = undefined
  if (copy === undefined) throw new Error('get does not reject when the codec fails')
  const again = (await store.get(restart(1))) as Handle
  equals(handles.read(again), 1, 'get after a failure')
  handles.release(again)
  const before = handles.alive
  await store.clear()
  if (before > 2) throw new Error(`after a failed operation ${before} values are alive; 2 were put`)
  if (handles.alive !== 0)
    throw new Error(`after a failure and clear ${handles.alive} values are still alive`)
}

/** With an aborted signal operations may reject; clearing and closing still release everything. */
export async function endsWhenAborted(open: Open): Promise<void> {
  const handles = new Handles()
  const { codec } = handles
  const controller = new AbortController()
  const store = await open({ codecs: { restart: codec, dependency: codec }, signal: controller.signal })
  await store.put(restart(1), handles.make(1))
  const underWay = errorOf(() => store.put(restart(2), handles.make(2)))
  controller.abort(new Error('the run is to end'))
  await underWay
  await store.clear()
  holds(store, [])
  await store.close()
  if (handles.alive !== 0)
    throw new Error(`after an abort, clear and close ${handles.alive} values are still alive`)
}

async function errorOf(attempt: () => unknown): Promise<unknown> {
  try {
    await attempt()
  } catch (error) {
    return error
  }
  return undefined
}
