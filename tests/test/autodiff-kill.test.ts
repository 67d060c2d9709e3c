/** Gradients by libraries in a real process that is killed with SIGKILL: the same bits for each library and backend. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const script = fileURLToPath(new URL('../kill/autodiff-run.mjs', import.meta.url))

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
afterAll(() => rmSync(folder, { recursive: true }))

interface Line {
  readonly type?: string
  readonly message?: string
  readonly digest?: string
}

/** A run; killed so many milliseconds after it has begun. */
async function start(directory: string, library: string, killAfter = Infinity) {
  const child = spawn(process.execPath, [script, directory, library], { stdio: ['ignore', 'pipe', 'ignore'] })
  const lines: Line[] = []
  let began = 0
  let timer: NodeJS.Timeout | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{') && line !== '"begins"') continue // the library's own
    if (line !== '"begins"') {
      lines.push(JSON.parse(line) as Line)
      continue
    }
    began = performance.now()
    if (killAfter < Infinity) timer = setTimeout(() => child.kill('SIGKILL'), killAfter)
  }
  clearTimeout(timer)
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return { lines, signal: child.signalCode, took: performance.now() - began }
}

test.each(['tfjs cpu', 'tfjs wasm', 'jax-js wasm'])('%s', { timeout: 300_000 }, async (library) => {
  const directory = join(folder, library)
  const whole = await start(directory, library)
  const { digest, message } = whole.lines.at(-1)!
  expect(message).toBeUndefined()
  let resumed = 0
  for (const part of [0.35, 0.7]) {
    const { signal } = await start(directory, library, part * whole.took)
    if (signal !== 'SIGKILL') continue // it was faster
    const { lines } = await start(directory, library)
    expect(lines.at(-1)).toMatchObject({ digest })
    if (lines[0]!.type === 'resumed') resumed += 1
    expect(existsSync(directory)).toBe(false)
  }
  expect(resumed).toBeGreaterThan(0)
})
