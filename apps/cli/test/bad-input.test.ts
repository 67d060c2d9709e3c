import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, newDirectory } from './support/cli.js'
import { doubles, npy } from './support/npy.js'

const cwd = newDirectory()
writeFileSync(join(cwd, 'there.png'), '')
writeFileSync(join(cwd, 'short.npy'), npy(doubles(1, 2), { shape: '(2, 3)' }))
writeFileSync(join(cwd, 'small.npy'), npy(doubles(1, 2, 3, 4, 5, 6), { shape: '(2, 3)' }))
mkdirSync(join(cwd, 'folder'))

const burgers = 'run --model burgers1d'
const wave = 'run --model wave2d --schedule single-memory'

/** Arguments, and what the sentence must say. */
const cases: [string, RegExp][] = [
  // names
  ['diagrm', /no command "diagrm"\. Did you mean diagram\? Accepted: list, show, compare/],
  ['help diagrm', /no command "diagrm"\. Did you mean diagram\?/],
  ['diagrm --help', /no command "diagrm"\. Did you mean diagram\?/],
  ['run --modl wave2d', /run has no flag --modl\. Did you mean --model\?/],
  ['run --model=wave2d --shedule=revolve', /run has no flag --shedule\. Did you mean --schedule\?/],
  ['list --json=3', /--json takes no value; got "3"/],
  [
    `${burgers} --schedule revolve --ram 3 --checkpoint-dir there.png`,
    /there\.png: expected a directory, or a name for a new one; it is not a directory/,
  ],
  [`${burgers} --schedule revolve --ram 3 --journal there.png`, /there\.png: expected a directory/],
  ['journal nowhere', /nowhere: expected the directory of a journal; it does not exist/],
  ['run --resume nowhere', /nowhere: expected the directory of a journal; it does not exist/],
  ['journal there.png', /there\.png: expected the directory of a journal; it is not a directory/],
  ['--verson', /no flag "--verson"\. Did you mean --version/],
  [
    'diagram multstage --steps 4',
    /no schedule "multstage"\. Did you mean multistage\? Accepted: .*single-memory/,
  ],
  [
    'diagram --rma 3 multistage --steps 4',
    /multistage has no flag --rma\. Did you mean --ram\? It takes .*--snapshots-in-ram/,
  ],
  ['actions', /actions needs a schedule.*Accepted: .*multistage/],
  ['actions multistage two-level --steps 3', /takes one schedule/],
  ['actions none --steps 3 --format jason', /Did you mean json/],
  ['diagram none --steps 3 --dialect note', /no dialect "note".*Accepted: plain, notebook/],
  ['diagram none --steps 3 --width wide', /--width must be an integer from 20/],
  ['run', /needs a model.*burgers1d/],
  ['run --model wave2', /no model "wave2"\. Did you mean wave2d/],
  [burgers, /needs a schedule.*multistage/],
  [`${burgers} --schedule revolv3 --ram 3`, /no schedule "revolv3"/],
  [`${burgers} --schedule multistage --point 3`, /no flag --point\. Did you mean --points/],
  [`${burgers} --schedule single-memory extra`, /takes flags only; got "extra"/],
  // numbers
  ...['0', '-1', '1.5', 'NaN', '9007199254740992', 'ten', '0x10', ''].map((steps): [string, RegExp] => [
    `diagram multistage --ram 1 --steps=${steps}`,
    /multistage: --steps must be an integer >= 1/,
  ]),
  ['diagram single-memory --steps 0', /--steps must be an integer >= 1/],
  ['diagram multistage --ram 1', /--steps is missing/],
  ['diagram multistage --steps', /--steps has no value; it takes <n>/],
  ['diagram multistage --ram', /--ram has no value; it takes <n\|size>/],
  ['compare --steps 9 --ram x', /--ram must be a number of checkpoints or a size such as/],
  [
    'compare --steps 9 --ram 2 --state-bytes much',
    /--state-bytes must be a number of bytes or a size such as/,
  ],
  ['compare --steps 9 --ram 2 --forward-time 3', /--forward-time must be a time such as 250us, 10ms/],
  ['compare --steps 9 --ram 2 --svg a --png a', /--svg and --png name the same file/],
  ['diagram multistage --steps 4', /at least one checkpoint/],
  ['diagram multistage --steps 4 --ram -1', /--ram must be an integer >= 0.*got -1/],
  [
    'diagram two-level --steps 4 --period 0 --binomial-snapshots 1',
    /two-level: --period must be an integer >= 1.*got 0/,
  ],
  ['diagram two-level --steps 4 --period 2', /--binomial-snapshots is missing/],
  ['diagram multistage --steps 4 --ram 1 --trajectory revolv', /Did you mean revolve/],
  ['diagram multistage --steps 4 --ram 4GiB', /4GiB is a size.*use the command run/],
  ['diagram multistage --steps 4 --ram 4GX', /number of checkpoints or a size such as/],
  ['actions single-disk --move-data --steps 2 --adjoints 2', /permits one adjoint calculation/],
  [
    'actions h-revolve --steps 5 --levels storage=RAM,slots=3 --levels storage=DISK',
    /--levels \(number 2\): slots is missing/,
  ],
  ['actions two-level --period 2 --binomial-snapshots 1', /online.*Pass --steps N/],
  [
    'simulate h-revolve --steps 9 --ram 2',
    /h-revolve is a schedule\. Pipe its actions: checkpoint-schedules actions h-revolve --steps 9 --ram 2 \| checkpoint-schedules simulate -/,
  ],
  // run
  [`${burgers} --schedule multistage --ram 3 --steps 0`, /--steps must be an integer >= 1/],
  [
    `${burgers} --schedule multistage --ram 10B`,
    /is too small for a checkpoint: a state of burgers1d takes 2040 B/,
  ],
  [`${burgers} --schedule multistage`, /at least one checkpoint/],
  [`${burgers} --schedule none`, /no gradient/],
  [`${burgers} --schedule single-memory --time-step 1`, /--time-step = 1 is unstable/],
  [`${burgers} --schedule single-memory --image there.png`, /there\.png: already exists; pass --force/],
  [`${burgers} --schedule single-memory --image picture.gif`, /Accepted: \.png, \.svg/],
  [`${burgers} --schedule single-memory --image nowhere/picture.png`, /nowhere: .*does not exist/],
  [`${burgers} --schedule single-memory --image-beside short.npy`, /pass --image FILE as well/],
  [
    `${burgers} --schedule single-memory --image a.png --image-beside short.npy`,
    /--image-beside: the gradient of burgers1d is a line, not a map/,
  ],
  [
    `${wave} --image a.png --image-beside small.npy`,
    /--image-beside: small\.npy has 2 x 3 values; the gradient has 40 x 64/,
  ],
  [`${wave} --velocity none.npy --observed none.npy`, /none\.npy: .*does not exist/],
  [`${wave} --velocity folder --observed folder`, /folder: .*not a regular file/],
  [`${wave} --velocity short.npy --observed short.npy`, /short\.npy: is truncated/],
  [`${wave} --velocity there.png --observed there.png`, /there\.png: expected a \.npy file/],
]

describe('one sentence, exit code 2, no stack trace, nothing on stdout', () => {
  it.concurrent.each(cases)('%s', async (typed, sentence) => {
    const { code, stdout, stderr } = await cli(typed.split(' '), { cwd })
    expect(stderr).toMatch(sentence)
    expect(stderr).toMatch(/^checkpoint-schedules: .*\n$/)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})
