// What `checkReplay` costs: a run with it over one without.
import { runAdjoint } from '@checkpoint-schedules/driver'
import { burgers1d, wave2d } from '@checkpoint-schedules/models'
import { multistage } from '@checkpoint-schedules/multistage'
import { best, ratio, table } from './measure.mjs'

const steps = 300
const problems = {
  burgers1d: burgers1d({ steps, points: 20_000 }),
  wave2d: wave2d({ steps }),
}
const rows = []
for (const [name, { model, initialState, terminalAdjoint }] of Object.entries(problems)) {
  const seen = {}
  const run = (checkReplay) => async () => {
    const schedule = multistage({ steps, snapshotsInRam: 10 })
    const { statistics } = await runAdjoint({ schedule, model, initialState, terminalAdjoint, checkReplay })
    seen[checkReplay === false ? 'none' : checkReplay === true ? 'capped' : 'all'] = statistics
  }
  const [none, capped, all] = await best([run(false), run(true), run({ share: Infinity })], 11)
  const again = seen.all.replay.compared
  const share = `${((100 * seen.capped.replay.timeMs) / seen.capped.timeMs.total).toFixed(1)} %`
  rows.push([
    name,
    ratio(capped / none),
    share,
    `${seen.capped.replay.compared} of ${again}`,
    ratio(all / none),
  ])
}
table(
  'checkReplay: time of a run over one without',
  ['', 'by default', 'its own time', 'states compared', 'share: Infinity'],
  rows,
)
