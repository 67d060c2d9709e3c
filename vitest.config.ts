import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// One configuration for every package; turbo runs it inside each folder.
// The source condition makes tests read src, so that no build is needed.
const conditions = ['@checkpoint-schedules/source', 'module', 'node', 'import', 'default']
// What `npm test` adds up.
const counts = fileURLToPath(new URL('./scripts/count-tests.mjs', import.meta.url))
const annotations = process.env['GITHUB_ACTIONS'] === 'true' ? ['github-actions'] : []

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['test/**/*.test.ts'],
    typecheck: { enabled: false },
    testTimeout: 60_000,
    reporters: ['default', ...annotations, counts],
  },
})
