/** The suite of stores, claim by claim, on the stores of browsers. */
import type { Store } from '@checkpoint-schedules/model'
import { indexedDbStore, opfsStore } from '@checkpoint-schedules/storage-browser'
import { testStore } from '@checkpoint-schedules/testkit'

const stores: Record<string, () => Store> = { indexedDbStore, opfsStore }

const claims = new Map<string, () => void | Promise<void>>()
for (const [name, store] of Object.entries(stores))
  testStore(store, {
    describe: (_, body) => body(),
    it: (claim, body) => void claims.set(`${name}: ${claim}`, body),
    runs: 10,
  })

/** What tests call. */
export interface StorePage {
  hold(claim: string): Promise<void>
  /** The folders and databases that are left. */
  left(): Promise<string[]>
}

const page: StorePage = {
  hold: async (claim) => claims.get(claim)!(),
  async left() {
    const root = await navigator.storage.getDirectory()
    const names: string[] = []
    for await (const name of root.keys()) {
      names.push(name)
      const folder = await root.getDirectoryHandle(name)
      for await (const inner of folder.keys()) names.push(`${name}/${inner}`)
    }
    return names
  },
}
Object.assign(globalThis, { page })
