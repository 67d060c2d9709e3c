/** Every example that a help shows does what it shows. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { cli, newDirectory, script } from './support/cli.js'

const built = (name: string) =>
  import.meta.resolve(`@checkpoint-schedules/${name}`).replace(/src\/index\.ts$/, 'dist/index.js')
const lorenz96 = fileURLToPath(new URL('../examples/lorenz96.mjs', import.meta.url))

const commands = (await cli(['completion', 'bash', '--', ''])).stdout.trimEnd().split('\n')
const shown: [level: string, example: string][] = []
for (const level of ['', ...commands]) {
  const { stdout } = await cli([...(level === '' ? [] : [level]), '--help'])
  for (const [, example] of stdout.matchAll(/^ {2}\$ (.*)$/gm)) shown.push([level, example!])
}

/** A directory with the files that the examples name. */
async function workplace(example: string): Promise<string> {
  const cwd = newDirectory()
  if (example.includes('trace.txt'))
    writeFileSync(join(cwd, 'trace.txt'), (await cli('actions revolve --steps 9 --ram 2'.split(' '))).stdout)
  if (example.includes('lorenz96.mjs')) {
    copyFileSync(lorenz96, join(cwd, 'lorenz96.mjs'))
    for (const name of ['core', 'driver'])
      provide(cwd, `@checkpoint-schedules/${name}`, `export * from ${JSON.stringify(built(name))}`)
  }
  if (example.includes('@someone/their-schedule'))
    provide(
      cwd,
      '@someone/their-schedule',
      `export { singleMemory as theirs } from ${JSON.stringify(built('basic'))}`,
    )
  if (example.includes('my-run') && !example.includes('--journal my-run')) {
    // With two thirds of the run left; each durable point waits for the disk, so there are not too many of them.
    const typed =
      'run --model burgers1d --steps 12000 --schedule multistage --ram 1 --disk 4 --journal my-run --journal-every 0.1'
    const { code } = await cli(typed.split(' '), { cwd, killAfter: /(reverse.*left\n.*){3}/ })
    expect(code).toBe(130)
  }
  if (example.includes('reduce survey')) {
    const typed =
      'gradient --model wave2d --shots 2 --steps 50 --schedule revolve --ram 5 --parts all --out survey'
    expect((await cli(typed.split(' '), { cwd })).code).toBe(0)
  }
  return cwd
}

function provide(cwd: string, name: string, code: string): void {
  const directory = join(cwd, 'node_modules', name)
  mkdirSync(directory, { recursive: true })
  writeFileSync(
    join(directory, 'package.json'),
    JSON.stringify({ name, type: 'module', exports: './index.js' }),
  )
  writeFileSync(join(directory, 'index.js'), code)
}

it.each(['', ...commands])('%s --help has some', (level) => {
  expect(shown.filter(([one]) => one === level).length).toBeGreaterThan(0)
})

describe('they run', () => {
  // Those of jobs need a server: jobs.test.ts runs them.
  const here = shown.filter(([level]) => level !== 'jobs').map(([, example]) => example)
  it.each([...new Set(here)])('%s', { timeout: 300_000 }, async (example) => {
    const program = `checkpoint() { "${process.execPath}" "${script}" "$@"; }; `
    const { status, stderr } = spawnSync(
      'bash',
      ['-o', 'pipefail', '-c', program + example.replaceAll('checkpoint-schedules ', 'checkpoint ')],
      { cwd: await workplace(example), env: { ...process.env, NO_COLOR: '1' }, encoding: 'utf8' },
    )
    expect(status, stderr).toBe(0)
  })
})
