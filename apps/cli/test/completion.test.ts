/** Completion: what is offered is what the commands take, and real shells show it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { cli, newDirectory, script } from './support/cli.js'

const cwd = newDirectory()
mkdirSync(join(cwd, 'my results'))
writeFileSync(join(cwd, 'my trace.txt'), '')

/** What may follow these words. */
async function offered(...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await cli(['completion', 'fish', '--', ...words], { cwd })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0]!]))
}
const help = async (...words: string[]) => (await cli([...words, '--help'], { cwd })).stdout
/** The flags that stand at the left of a help. */
const flagsIn = (text: string) =>
  text
    .split('\n')
    .flatMap((line) => (/^ {2}-/.test(line) ? (line.split('  ')[1]!.match(/--[\w-]+/g) ?? []) : []))

let commands: string[]
let schedules: string[]
beforeAll(async () => {
  commands = await offered('')
  schedules = (JSON.parse((await cli(['list', '--json'])).stdout) as { name: string }[]).map(
    ({ name }) => name,
  )
})

describe('what is offered', () => {
  it('is every command of the help, and flags', async () => {
    const shown = (await help()).match(/(?<=^ {2})[a-z]+(?= {2,})/gm)
    expect(commands).toEqual(shown)
    expect(await offered('--')).toEqual(['--help', '--version'])
  })

  it('is every flag of a command', async () => {
    for (const command of commands) {
      expect((await offered(command, '--')).toSorted()).toEqual(flagsIn(await help(command)).toSorted())
    }
  })

  it('is every flag that a schedule or a model brings, until it is given', async () => {
    for (const words of [
      ...schedules.map((schedule) => ['actions', schedule]),
      ['run', '--model', 'wave2d', '--schedule', 'h-revolve'],
    ]) {
      const left = flagsIn(await help(...words)).filter((flag) => !words.includes(flag))
      expect((await offered(...words, '--')).toSorted()).toEqual(left.toSorted())
    }
  })

  it('is every schedule where one is due, and what its choices are', async () => {
    for (const words of [
      ['show'],
      ['diagram'],
      ['diagram', '--width', '80'],
      ['run', '--schedule'],
      ['help', 'cite'],
    ])
      expect(await offered(...words, '')).toEqual(schedules)
    for (const trajectory of await offered('actions', 'multistage', '--trajectory', '')) {
      const typed = ['actions', 'multistage', '--steps', '5', '--ram', '1', '--trajectory', trajectory]
      expect((await cli(typed)).code).toBe(0)
    }
    for (const format of await offered('actions', '--format='))
      expect((await cli(['actions', 'none', '--steps', '2', format])).code).toBe(0)
  })

  it('is paths where a file or a directory is due, and nothing where a number is', async () => {
    expect(await offered('verify', '')).toEqual([':files'])
    expect(await offered('run', '--image', '')).toEqual([':files'])
    expect(await offered('clean', '')).toEqual([':directories'])
    expect(await offered('run', '--model', '')).toEqual(['burgers1d', 'wave2d', ':files'])
    expect(await offered('reduce', '')).toEqual([':directories'])
    expect(await offered('gradient', '--out', '')).toEqual([':directories'])
    expect(await offered('gradient', '--parts', '')).toEqual(['all'])
    expect(await offered('gradient', '--workers', '')).toEqual(['auto'])
    expect(await offered('compare', '--steps', '')).toEqual([])
  })

  it('is nothing after a mistake, and no code is loaded', async () => {
    expect(await offered('no-such-command', '')).toEqual([])
    expect(await offered('run', '--schedule', 'no-such', '--')).toEqual([])
    writeFileSync(join(cwd, 'trap.mjs'), "console.log('loaded'); throw new Error('loaded')")
    expect(await offered('run', '--model', './trap.mjs', '--tay')).toEqual(['--taylor'])
  })
})

it('what it does not know is refused', async () => {
  for (const [args, message] of [
    [['completion'], /needs the name of your shell\. Accepted: bash, zsh, fish/],
    [['completion', 'bahs'], /there is no completion for "bahs"\. Did you mean bash\?/],
    [['completion', 'bash', 'zsh'], /takes one shell; also got "zsh"/],
  ] as const) {
    const { code, stdout, stderr } = await cli(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  }
})

/** Runs a real shell in which `checkpoint-schedules` is the built command. */
function shell(command: string, args: readonly string[]): string {
  const bin = newDirectory()
  symlinkSync(script, join(bin, 'checkpoint-schedules'))
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env['PATH']}`,
    HOME: bin,
    ZDOTDIR: bin,
    TERM: 'dumb',
  }
  const { stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 50_000 })
  expect(stderr).toBe('')
  return stdout
}
const isMissing = (command: string) => spawnSync(command, ['-c', 'exit']).status !== 0

describe.skipIf(isMissing('bash'))('bash (skipped where it is not installed)', () => {
  // As readline does: the words, which of them is typed, and the function that is registered.
  const press = (...words: string[]) =>
    shell('bash', [
      '--norc',
      '-c',
      `eval "$(checkpoint-schedules completion bash)"
       complete -p checkpoint-schedules >/dev/null || exit 1
       COMP_WORDS=(checkpoint-schedules "$@") COMP_CWORD=$#
       _checkpoint_schedules 2>/dev/null
       for one in "\${COMPREPLY[@]}"; do echo "$one"; done`,
      'bash',
      ...words,
    ])
      .trimEnd()
      .split('\n')

  it('commands, schedules, flags, values', () => {
    expect(press('dia')).toEqual(['diagram'])
    expect(press('diagram', 'mul')).toEqual(['multistage'])
    expect(press('diagram', 'multistage', '--tra')).toEqual(['--trajectory'])
    expect(press('diagram', 'multistage', '--trajectory', '')).toEqual(['maximum', 'revolve'])
  })

  it('after =, which bash takes for a word', () => {
    expect(press('actions', '--format', '=', 'j')).toEqual(['json'])
    expect(press('actions', '--format', '=')).toEqual(['canonical', 'json', 'python'])
  })

  it('paths with spaces', () => {
    expect(press('verify', 'my')).toEqual(expect.arrayContaining(['my results', 'my trace.txt']))
    expect(press('clean', 'my')).toEqual(['my results'])
  })
})

describe.skipIf(isMissing('fish'))('fish (skipped where it is not installed)', () => {
  const press = (line: string) =>
    shell('fish', ['-c', `checkpoint-schedules completion fish | source; complete -C '${line}'`])
      .trimEnd()
      .split('\n')
      .map((it) => it.split('\t')[0])

  it('commands, schedules, flags, values, paths', () => {
    expect(press('checkpoint-schedules dia')).toEqual(['diagram'])
    expect(press('checkpoint-schedules diagram mul')).toEqual(['multistage'])
    expect(press('checkpoint-schedules diagram multistage --tra')).toEqual(['--trajectory'])
    expect(press('checkpoint-schedules actions --format=j')).toEqual(['--format=json'])
    expect(press('checkpoint-schedules clean my')).toEqual(['my results/'])
  })
})

describe.skipIf(isMissing('zsh'))('zsh (skipped where it is not installed)', () => {
  // A real terminal inside zsh; what is read ends with the completed text, or the test times out.
  const press = (line: string, completed: string) =>
    shell('zsh', [
      '-f',
      '-c',
      `zmodload zsh/zpty
       zpty z zsh -f -i
       zpty -w z 'PS1=; autoload -U compinit; compinit -u -D; eval "$(checkpoint-schedules completion zsh)"; echo rea''dy'
       zpty -r z seen '*ready*' && zpty -wn z "$1"$'\\t' && zpty -r z seen "*$2*" && echo "$seen"
       zpty -d z`,
      'zsh',
      line,
      completed,
    ])

  it('commands, schedules, flags, values, paths', () => {
    for (const [line, completed] of [
      ['checkpoint-schedules dia', 'diagram '],
      ['checkpoint-schedules diagram mul', 'multistage '],
      ['checkpoint-schedules diagram multistage --tra', '--trajectory '],
      ['checkpoint-schedules actions --format=j', '--format=json '],
    ] as const)
      expect(press(line, completed)).toContain(completed)
  })
})
