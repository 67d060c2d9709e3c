/** The suite that a store must pass: `testStore(factory, { describe, it })`. */
import { type OpenStore, type Store, type Tree, treeCodec } from '@checkpoint-schedules/model'
import fc from 'fast-check'
import { trees } from './arbitrary-trees.js'
import type { TestRunner } from './runner.js'
import * as claims from './store-claims.js'

/** How a store is tested. */
export interface StoreSuite extends TestRunner {
  /** Random trees that must come back bit for bit, by default 50; each opens the store again. */
  readonly runs?: number
}

/**
 * Registers the suite of a store with a test runner: what is put comes back bit for bit, copies are copies, `keys` is right, several
 * operations at once and several stores at once do not disturb each other, limits, what is not held is refused, every value is disposed of
 * once, and failures and aborts leave nothing behind.
 *
 * `factory` is called for each claim; a store on disk gives each call its own directory. What a claim opens is cleared and
 * closed after it, even if it fails.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@checkpoint-schedules/driver'
 * import { testStore } from '@checkpoint-schedules/testkit'
 *
 * // In a test file these come from the runner: import { describe, it } from 'vitest'
 * const describe = (name: string, body: () => void) => body()
 * const it = (name: string, body: () => void | Promise<void>) => body()
 * testStore(memoryStore, { describe, it })
 * ```
 */
export function testStore(factory: () => Store, { describe, it, runs = 50 }: StoreSuite): void {
  if (typeof factory !== 'function')
    throw new TypeError('testStore: the first argument must be a function that makes a store')
  const { medium } = factory()
  const holdTo = (claim: (open: claims.Open) => Promise<void>) => withStore(factory(), claim)
  const claim = (name: string, check: (open: claims.Open) => Promise<void>) => it(name, () => holdTo(check))

  describe(`a store of ${medium}`, () => {
    it('gives back what was put, bit for bit', async () => {
      const property = fc.asyncProperty(trees, (tree) => holdTo((open) => claims.givesBackBits(open, tree)))
      const examples: [Tree][] = [[-0], [Number.NaN], [{ inside: [-0, ''] }], [new Float64Array(0)]]
      await fc.assert(property, { numRuns: runs, examples, includeErrorInReport: true })
    })
    claim('gives back a large array', (open) =>
      claims.givesBackBits(open, { field: Float64Array.from({ length: 300_000 }, (_, i) => Math.sin(i)) }),
    )
    claim('gives copies that the caller owns', claims.givesCopies)
    claim('reports what it holds', claims.tellsWhatItHolds)
    claim('refuses what it does not hold', claims.refusesWhatItDoesNotHold)
    claim('serves several operations at once', claims.servesSeveralAtOnce)
    claim('holds as many as its limit', claims.holdsItsLimit)
    claim('keeps runs and storages apart', claims.keepsRunsApart)
    claim('flushes', claims.flushes)
    claim('disposes of each value once', claims.disposesOnce)
    claim('loses nothing else when an operation fails', claims.survivesFailure)
    claim('leaves nothing behind when it is aborted', claims.endsWhenAborted)
  })
}

async function withStore(store: Store, claim: (open: claims.Open) => Promise<void>): Promise<void> {
  const opened = new Map<OpenStore, { closed: boolean }>()
  const codec = treeCodec
  const codecs = { restart: codec, dependency: codec }
  const open: claims.Open = async (settings) => {
    const one = await store.open({ storage: 'TEST', limit: null, codecs, ...settings })
    const state = { closed: false }
    const watched: OpenStore = {
      put: (key, value) => one.put(key, value),
      get: (key) => one.get(key),
      take: (key) => one.take(key),
      delete: (key) => one.delete(key),
      keys: () => one.keys(),
      flush: () => one.flush(),
      clear: () => one.clear(),
      close: () => {
        state.closed = true
        return one.close()
      },
    }
    opened.set(watched, state)
    return watched
  }
  try {
    await claim(open)
  } finally {
    for (const [one, { closed }] of opened) {
      if (closed) continue
      await one.clear()
      await one.close()
    }
  }
}
