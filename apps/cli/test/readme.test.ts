/** The outputs that the README shows are what the commands print. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { newDirectory, script } from './support/cli.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const shown = Array.from(
  readme.matchAll(/^```\n\$ (checkpoint-schedules .*)\n([\s\S]*?)^```$/gm),
  ([, command, output]) => [command!, output!],
)

it('there are some', () => expect(shown.length).toBeGreaterThan(4))

it.each(shown)('%s', (command, output) => {
  const program = `checkpoint() { "${process.execPath}" "${script}" "$@"; }; `
  const typed = command.replaceAll('checkpoint-schedules ', 'checkpoint ')
  const env = { ...process.env, NO_COLOR: '1' }
  const printed = execFileSync('sh', ['-c', program + typed], {
    cwd: newDirectory(),
    env,
    encoding: 'utf8',
    stdio: 'pipe',
  })
  expect(printed).toBe(output)
})
