/** Runs the built command in a pseudo-terminal, with `script` of util-linux, which every Debian and Ubuntu has. */
import { spawn, spawnSync } from 'node:child_process'
import { newDirectory, script } from './cli.js'

/** Whether there is none: other systems have a `script` that takes other arguments. */
export const noTerminal = !/util-linux/.test(
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '',
)

export interface TerminalSettings {
  readonly cwd?: string
  readonly columns?: number
  readonly env?: Readonly<Record<string, string>>
  /** What is typed once `when` is on the screen. */
  readonly press?: { readonly keys: string; readonly when: RegExp }
}

/** What a terminal got, with its escape sequences, and the exit code. */
export function onTerminal(
  typed: string,
  { cwd = newDirectory(), columns = 80, env = {}, press }: TerminalSettings = {},
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env
  const program = `checkpoint() { "${process.execPath}" "${script}" "$@"; }`
  const command = `stty cols ${columns} rows 24; ${program}; checkpoint ${typed}`
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd,
      env: { ...inherited, SHELL: '/bin/sh', TERM: 'xterm', ...env },
    })
    let screen = ''
    let isPressed = false
    child.stdout.on('data', (data) => {
      screen += data
      if (isPressed || press?.when.test(screen) !== true) return
      isPressed = child.stdin.write(press.keys)
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, screen }))
  })
}

/** The lines without colours. */
export function plainLines(screen: string): string[] {
  // eslint-disable-next-line no-control-regex
  return screen.replaceAll(/\u001B\[[\d;?]*[A-Za-z]|\u001B[78]/g, '').split(/\r?\n/)
}
