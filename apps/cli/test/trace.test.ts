/** simulate and verify: actions from anywhere. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, newDirectory, script } from './support/cli.js'

const cwd = newDirectory()
const schedule = 'multistage --steps 10 --ram 3'.split(' ')
const traces: Record<string, string> = {}
for (const format of ['canonical', 'json', 'python']) {
  traces[format] = (await cli(['actions', ...schedule, '--format', format])).stdout
  writeFileSync(join(cwd, `${format}.txt`), traces[format])
}
const lines = traces['canonical']!.trimEnd().split('\n')
const write = (name: string, text: string) => (writeFileSync(join(cwd, name), text), name)

describe.each(Object.keys(traces))('%s', (format) => {
  it('is recognised and counted', async () => {
    const { code, stdout, stderr } = await cli(['simulate', `${format}.txt`], { cwd })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^forward steps +25 +2\.50 times the steps$/m)
    expect(stdout).toMatch(/^in RAM +at most 3 +6 written, 9 read$/m)
    const { stdout: json } = await cli(['simulate', `${format}.txt`, '--json'], { cwd })
    expect(JSON.parse(json)).toMatchObject({
      steps: 10,
      forwardSteps: 25,
      adjointSteps: 10,
      peak: { RAM: 3 },
      violation: null,
    })
  })
})

describe('a broken law', () => {
  it('is named, with the actions around it and exit code 1', async () => {
    const name = write('broken.txt', lines.toSpliced(6, 1).join('\n'))
    for (const command of ['simulate', 'verify']) {
      const { code, stdout } = await cli([command, name], { cwd })
      expect(code).toBe(1)
      expect(stdout).toMatch(/^> +6 {2}Forward\(7, 8, /m)
      expect(stdout).toMatch(/^action 6 breaks the law "a Forward starts where the forward stands": /m)
      expect(stdout.split('\n').filter((line) => /^[ >] +\d+ {2}/.test(line))).toHaveLength(7)
    }
  })

  it('also one about limits', async () => {
    const { code, stdout } = await cli(['verify', 'json.txt', '--limit', 'RAM=2'], { cwd })
    expect(code).toBe(1)
    expect(stdout).toMatch(/RAM would hold 3 checkpoints/)
    expect((await cli(['verify', 'json.txt', '--limit', 'RAM=3'], { cwd })).code).toBe(0)
  })

  it('a trace that ends too early', async () => {
    const name = write('short.txt', lines.slice(0, -3).join('\n'))
    const { code, stdout } = await cli(['verify', name], { cwd })
    expect(code).toBe(1)
    expect(stdout).toMatch(/the trace ends after 0 of 1 adjoint calculations/)
  })
})

describe('bad input', () => {
  it.each([
    [['simulate'], /needs a file/],
    [['simulate', 'none.txt'], /none\.txt: expected a file with actions; it does not exist/],
    [['verify', '.'], /\.: expected a file with actions; it is a directory/],
    [['verify', 'a', 'b'], /takes one file/],
    [['verify', 'json.txt', '--limit', 'RAM'], /--limit must be STORAGE=n/],
    [['verify', 'json.txt', '--limit', 'RAM=x'], /--limit RAM must be an integer/],
    [['verify', 'json.txt', '--steps', '0'], /--steps must be an integer >= 1/],
  ])('%s', async (args, message) => {
    const { code, stdout, stderr } = await cli(args, { cwd })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })

  it.each([
    ['a broken line', `${lines[0]}\n  Forwrad(1, 2)\n`, /text\.txt: line 2, column 3: not an action/],
    ['no number', 'Forward(0, r, true, false, RAM)', /line 1, column 12: .*"r" is not a step number/],
    ['no boolean', '  Forward(0, 1, tru, false, RAM)', /line 1, column 17: .*"tru" is not true or false/],
    ['no storage', 'Forward(0, 1, true, false, ram)', /line 1, column 28: .*got "ram"/],
    ['broken JSON', '{"type":"Forward", n0}', /line 1, column 20: .*is not JSON/],
    ['a JSON field', '{"type":"Copy","n":"x"}', /line 1, column 16: .*n of Copy does not fit; got "x"/],
    ['bytes that are no text', Buffer.from([0x46, 0xff, 0xfe, 0x0a]), /text\.txt: is not text: line 1/],
    ['a line without end', 'x'.repeat(100_000), /text\.txt: line 1 has more than 4096 characters/],
    ['nothing', '\n \n', /text\.txt: has no actions; expected one per line/],
    ['__proto__', '{"type":"Forward","__proto__":{}}', /text\.txt: line 1, column 1: not an action/],
  ])('%s', async (_, text, message) => {
    writeFileSync(join(cwd, 'text.txt'), text)
    const { code, stdout, stderr } = await cli(['verify', 'text.txt'], { cwd })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })
})

it('a stream of any length is read as it comes, in little memory', { timeout: 300_000 }, async () => {
  // 45 MB of text; its actions alone would take more than that as objects.
  const writer = spawn(process.execPath, [script, ...'actions revolve --steps 300000 --ram 30'.split(' ')])
  const reader = spawn(process.execPath, ['--max-old-space-size=24', script, 'simulate', '-', '--json'])
  let read = 0
  writer.stdout.on('data', (data: Buffer) => (read += data.length)).pipe(reader.stdin)
  let out = ''
  reader.stdout.on('data', (data) => (out += data))
  const code = await new Promise((resolve) => reader.on('close', resolve))
  expect(code).toBe(0)
  expect(read).toBeGreaterThan(40e6)
  expect(JSON.parse(out)).toMatchObject({ steps: 300_000, adjointSteps: 300_000 })
})
