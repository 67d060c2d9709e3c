// The command line with arguments that were shuffled, cut, doubled and made up: what it says and its exit code are those of a program
// that understood, or that says what it did not.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { below, pick, randomFrom } from './random.mjs'
import { repeat } from './tally.mjs'

const program = fileURLToPath(new URL('../../apps/cli/bin/checkpoint-schedules.js', import.meta.url))
const PATIENCE = 60_000

/** Commands that work, and end soon. */
const commands = [
  'list --json',
  'show revolve',
  'compare --steps 100 --ram 3 --disk 5',
  'diagram multistage --steps 10 --ram 3',
  'diagram two-level --steps 9 --period 3 --binomial-snapshots 2',
  'actions h-revolve --steps 10 --ram 2 --disk 2 --format json',
  'actions single-disk --steps 4',
  'plot revolve --steps 8 --ram 2 --svg out.svg',
  'simulate trace.txt --steps 4',
  'verify trace.txt',
  'run --model burgers1d --schedule multistage --ram 3 --points 20 --steps 12 --json',
  'run --model burgers1d --schedule revolve --ram 1kB --points 20 --steps 12',
  'run --model burgers1d --schedule single-memory --points 20 --steps 12 --taylor',
  'run --model burgers1d --schedule multistage --ram 2 --points 20 --steps 12 --journal j',
  'run --resume j',
  'journal j',
  'clean j',
  'cite mixed',
  'completion bash',
]
const oddities = [
  ...[
    '',
    '-',
    '--',
    '-1',
    '0',
    '1e9',
    '9007199254740993',
    'NaN',
    '1.5',
    '--steps',
    '--steps=',
    '--help',
    '--json',
    '--ram',
  ],
  ...[
    'nowhere',
    '.',
    '/dev/null',
    '/proc/x',
    '\u001b[2J',
    '\u202etxt',
    '--__proto__',
    'constructor',
    '0x10',
    '1TB',
    '-h',
    '--ram=-0',
  ],
]

function harmed(random, words) {
  for (let n = below(random, 4); n > 0; n--) {
    const at = below(random, words.length)
    const kind = below(random, 5)
    if (kind === 0) words.splice(at, 1)
    else if (kind === 1) words.splice(at, 0, pick(random, oddities))
    else if (kind === 2) words[at] = pick(random, oddities)
    else if (kind === 3) words.splice(at, 0, pick(random, pick(random, commands).split(' ')))
    else {
      const word = words[at] ?? ''
      const cut = below(random, word.length + 1)
      words[at] = word.slice(0, cut) + word.slice(cut + 1)
    }
  }
  return words
}

export async function cli({ seed, cases, until }) {
  const cwd = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))
  try {
    return await repeat({ cases, until }, async (i) => {
      const random = randomFrom(seed, i)
      writeFileSync(join(cwd, 'trace.txt'), 'Forward(0, 4, false, true, WORK)\n'.slice(below(random, 20)))
      const args = harmed(random, pick(random, commands).split(' ')).map((word) => word.replaceAll('\0', ''))
      const child = spawn(process.execPath, [program, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
      const closed = new Promise((resolve) => child.on('close', (...how) => resolve(how)))
      // What was asked for may be long; nobody has to wait for it. SIGKILL comes only to what does not heed SIGTERM.
      const asked = setTimeout(() => child.kill('SIGTERM'), PATIENCE / 4)
      const forced = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
      const output = text(child.stdout).catch(() => '')
      const said = await text(child.stderr)
      await output
      const [code, signal] = await closed
      clearTimeout(asked)
      clearTimeout(forced)
      const told = `${JSON.stringify(args)} ended with ${code ?? signal}: ${said.slice(0, 500)}`
      if (/\n\s+at .+:\d+|TypeError|RangeError|\[object Object\]/.test(said)) return told
      // oxlint-disable-next-line no-control-regex -- they are what must not be there
      if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(said))
        return `raw characters: ${told}`
      if (code === 0 || code === 130 || code === 143 || signal === 'SIGTERM') return 'right'
      return (code === 1 || code === 2) && said.trim().length > 10 ? 'error' : told
    })
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}
