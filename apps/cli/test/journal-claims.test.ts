/** Claims in a journal are never trusted: huge numbers cost no time, and another host's journal is taken over on request. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, it } from 'vitest'
import { cli, newDirectory } from './support/cli.js'

const run =
  'run --model burgers1d --steps 40000 --schedule multistage --ram 1 --disk 4 --journal my-run --journal-every 0.05'

async function cutOff(): Promise<string> {
  const cwd = newDirectory()
  const cut = await cli(run.split(' '), { cwd, killAfter: /reverse.*left\n/ })
  expect(cut.stderr).toMatch(/resume with: checkpoint-schedules run --resume my-run\n$/)
  return cwd
}

it('10^12 steps are not counted one by one', async () => {
  const cwd = await cutOff()
  const path = join(cwd, 'my-run', 'journal.log')
  const [head, ...points] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const text = head!.slice(9).replaceAll(/"steps":\d+/g, '"steps":1000000000000')
  const last = points
    .at(-1)!
    .slice(9)
    .replace(/"steps":\d+/, '"steps":1000000000000')
  const lines = [text, last].map((line) => `${crc32(line).toString(16).padStart(8, '0')} ${line}\n`)
  writeFileSync(path, lines.join(''))
  const shown = await cli(['journal', 'my-run'], { cwd })
  expect(shown).toMatchObject({ code: 0, stderr: '' })
  expect(shown.stdout).toMatch(/of 1,000,000,000,000 steps reversed/)
  expect(shown.stdout).not.toContain('to finish')
})

it('--take-over resumes the journal of a host that is gone', async () => {
  const cwd = await cutOff()
  const path = join(cwd, 'my-run', 'checkpoint-schedules.run')
  const marker = JSON.parse(readFileSync(path, 'utf8')) as object
  writeFileSync(path, JSON.stringify({ ...marker, host: 'node-7', kept: false }))
  const resumed = await cli('run --resume my-run --take-over --json'.split(' '), { cwd })
  expect(resumed.code).toBe(0)
  expect(resumed.stderr).toMatch(/The journal in .*my-run is taken over/)
  expect(resumed.stderr).toMatch(/The run resumes/)
})
