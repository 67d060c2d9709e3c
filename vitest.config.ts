import { statfsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// One configuration for every package; turbo runs it inside each folder.
// The source condition makes tests read src, so that no build is needed.
const conditions = ['@checkpoint-schedules/source', 'module', 'node', 'import', 'default']
// What `npm test` adds up.
const counts = fileURLToPath(new URL('./scripts/count-tests.mjs', import.meta.url))
const annotations = process.env['GITHUB_ACTIONS'] === 'true' ? ['github-actions'] : []

// Tests of journals and checkpoint files flush thousands of times, which takes some 4 ms each on a disk. What survives a killed process
// survives in a file system in memory as well; what a power cut takes away is tested on a simulated disk.
const inMemory = '/dev/shm'
const hasRoom = () => {
  try {
    const { bavail, bsize } = statfsSync(inMemory)
    return bavail * bsize > 2e9
  } catch {
    return false
  }
}
const env = process.env['TMPDIR'] === undefined && hasRoom() ? { TMPDIR: inMemory } : {}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    typecheck: { enabled: false },
    env,
    // Against tests that hang, not slow machines.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    reporters: ['default', ...annotations, counts],
  },
})
