/** Gradients by both libraries on WebGPU, which Chromium computes in software: against adjoints written by hand; the same bits everywhere. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { burgers1d } from '@checkpoint-schedules/models'
import { multistage } from '@checkpoint-schedules/multistage'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lorenzByHand } from '../support/autodiff.js'
import { describeInBrowser } from '../support/browser.js'
import type { Gradients, Numbers, Problem } from '../support/gradients-on-webgpu.js'
import { serve, type StaticServer } from '../support/static-server.js'

const webgpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan']
const support = fileURLToPath(new URL('../support/', import.meta.url))

async function bundle(folder: string): Promise<void> {
  await build({
    entryPoints: [join(support, 'gradients-on-webgpu.ts')],
    outfile: join(folder, 'gradients.js'),
    absWorkingDir: support,
    bundle: true,
    format: 'esm',
    mainFields: ['module', 'main'],
    conditions: ['@checkpoint-schedules/source'],
    alias: {
      '@tensorflow/tfjs': join(support, 'tfjs-in-browsers.ts'),
      // autodiff.ts wants it for Node.
      '@tensorflow/tfjs-backend-wasm': '@tensorflow/tfjs-backend-webgpu',
    },
  })
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><link rel="icon" href="data:,"><script type="module" src="gradients.js"></script>',
  )
}

/** Lorenz-63 with observations at each step, and Burgers' equation, with value and gradient by hand. */
async function problems(): Promise<{ problem: Problem; expected: Numbers }[]> {
  const { value, gradient } = lorenzByHand(40)
  const ofLorenz = Object.entries({ value, ...gradient }).map(([name, x]) => [name, [x]])
  const [points, steps, viscosity] = [63, 100, 0.02]
  const given = burgers1d({ points, steps, viscosity })
  const schedule = multistage({ steps, snapshotsInRam: 10 })
  const { finalState, adjoints } = await runAdjoint({ ...given, schedule })
  const spacing = 1 / (points + 1)
  const time = (0.4 * spacing * spacing) / viscosity
  return [
    { problem: { name: 'lorenz', steps: 40 }, expected: Object.fromEntries(ofLorenz) as Numbers },
    {
      problem: {
        name: 'burgers',
        steps,
        initialState: Array.from(given.initialState),
        a: time / (4 * spacing),
        b: (viscosity * time) / (spacing * spacing),
      },
      expected: { value: [await given.objective(finalState)], u: Array.from(adjoints[0]!) },
    },
  ]
}

/** The largest difference, relative to the largest number. */
function difference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((x, i) => Math.abs(x - b[i]!))) / Math.max(...b.map(Math.abs))
}

describeInBrowser(
  'gradients on WebGPU',
  (open) => {
    let folder: string
    let server: StaticServer
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
      await bundle(folder)
      server = await serve(folder)
    })
    afterAll(async () => {
      await server.close()
      rmSync(folder, { recursive: true })
    })
    const gradients = (page: Page, ...given: Parameters<Gradients>) =>
      page.evaluate(
        ([library, problem]) =>
          (globalThis as unknown as { gradients: Gradients }).gradients(library, problem),
        given,
      )

    test.for(['tfjs', 'jax-js'] as const)('%s', async (library, { skip }) => {
      const { page, complaints } = await open({ origin: server.origin })
      await page.goto(server.origin)
      await page.waitForFunction('globalThis.gradients')
      if (!(await page.evaluate('navigator.gpu?.requestAdapter().then((it) => it !== null)'))) {
        console.warn(
          `NOT TESTED: ${library} on WebGPU. This Chromium has no adapter for it, not even in software.`,
        )
        return skip()
      }
      for (const { problem, expected } of await problems()) {
        const { results, left } = await gradients(page, library, problem)
        expect(left).toBe(0)
        for (const result of results) expect(result).toEqual(results[0])
        const { value, ...gradient } = results[0]!
        expect(difference(value!, expected['value']!)).toBeLessThan(1e-5)
        const names = Object.keys(expected).filter((name) => name !== 'value')
        const all = (of: Numbers) => names.flatMap((name) => of[name]!)
        expect(difference(all(gradient), all(expected))).toBeLessThan(1e-5)
      }
      expect(complaints).toEqual([])
      await page.close()
    })
  },
  webgpu,
)
