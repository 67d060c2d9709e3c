/** Runs the built command as a process, the way a shell does. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

export const script = fileURLToPath(new URL('../../bin/checkpoint-schedules.js', import.meta.url))

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Settings {
  readonly cwd?: string
  readonly killAfter?: RegExp
  readonly signal?: NodeJS.Signals
  readonly env?: Readonly<Record<string, string>>
}

/**
 * @param cwd - By default a new directory, so that nothing of this workspace is found from there.
 * @param killAfter - Ctrl-C, or the signal, once this is on stderr.
 * @param env - Beside this process's environment.
 */
export function cli(
  args: readonly string[],
  { cwd = newDirectory(), killAfter, signal = 'SIGINT', env = {} }: Settings = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', ...env },
    })
    let stdout = ''
    let stderr = ''
    let isKilled = false
    child.stdout.on('data', (data) => (stdout += data))
    child.stderr.on('data', (data) => {
      stderr += data
      if (isKilled || killAfter?.test(stderr) !== true) return
      isKilled = child.kill(signal)
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

const directories: string[] = []
afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true, force: true })))

/** An empty directory, removed after the tests of the file. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
  directories.push(directory)
  return directory
}
