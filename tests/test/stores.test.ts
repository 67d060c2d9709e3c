/** The stores that ship pass the suite that strangers' stores are given. (Here, as the driver is below the test kit.) */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryStore } from '@checkpoint-schedules/driver'
import { fileStore } from '@checkpoint-schedules/storage-fs'
import { testStore } from '@checkpoint-schedules/testkit'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
let count = 0

afterAll(() => {
  const left = existsSync(folder) ? readdirSync(folder) : []
  rmSync(folder, { recursive: true, force: true })
  expect(left).toEqual([])
})

testStore(memoryStore, { describe, it })
testStore(() => fileStore({ directory: join(folder, `store-${count++}`) }), { describe, it })
