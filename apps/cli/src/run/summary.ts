/** The result of a run for people: aligned, in readable units. */
import { alignedRows, type Row } from '../terminal/rows.js'
import { showBytes, showCount, showDuration, showValue } from '../terminal/units.js'
import { gradientNorm } from './gradient.js'
import { optimumOf, type RunResult, storeAllBytes } from './result.js'

/** The lines of the summary. */
export function summaryOf(result: RunResult): string[] {
  const rows = [
    ...whatRan(result),
    ...steps(result),
    ...memory(result),
    ...outcome(result),
    ...journal(result),
    ...taylor(result),
  ]
  if (result.image !== undefined) rows.push(['picture', result.image])
  if (result.gradientDirectory !== undefined)
    rows.push(['gradient', `.npy files in ${result.gradientDirectory}`])
  return alignedRows(rows)
}

function whatRan({ model, scheduleName }: RunResult): Row[] {
  return [
    ['model', model],
    ['schedule', scheduleName],
  ]
}

function steps(result: RunResult): Row[] {
  const { steps, forwardSteps, recomputeFactor } = result.statistics
  const optimum = optimumOf(result)
  const beside = optimum === undefined ? undefined : `optimum ${showCount(optimum)}`
  return [
    ['steps', showCount(steps)],
    ['forward steps', showCount(forwardSteps), beside],
    ['recompute factor', recomputeFactor.toFixed(2), 'forward steps divided by steps'],
  ]
}

function memory({ statistics, directory, memory: budget }: RunResult): Row[] {
  const { storages, stateBytes, tapeBytes, steps, peakLiveBytes } = statistics
  const perStorage = Object.entries(storages).map(([name, { peakCheckpoints, peakBytes, medium }]): Row => {
    const where =
      medium === 'memory' ? '' : `, in ${medium === 'files' ? 'files' : 'the journal'} in ${directory}`
    return [`in ${name}`, showBytes(peakBytes), `at most ${showCount(peakCheckpoints)} checkpoints${where}`]
  })
  const all = storeAllBytes(statistics)
  const of =
    budget === undefined ? '' : `; ${peakLiveBytes <= budget.bytes ? 'within' : 'more than'} ${budget.flag}`
  return [
    ...perStorage,
    ['all memory', showBytes(peakLiveBytes), `checkpoints and working storage at their peak${of}`],
    [
      'storing every step',
      showBytes(all),
      `${showCount(steps)} tapes of ${showBytes(tapeBytes)}; a state takes ${showBytes(stateBytes)}`,
    ],
  ]
}

function outcome({ statistics, objective, gradient }: RunResult): Row[] {
  const { forward, tape, adjoint, storage, total } = statistics.timeMs
  const parts = Object.entries({ forward, taped: tape, adjoint, checkpoints: storage })
  return [
    ['time', showDuration(total), parts.map(([name, time]) => `${name} ${showDuration(time)}`).join(', ')],
    ['objective', showValue(objective)],
    ['gradient norm', showValue(gradientNorm(gradient))],
  ]
}

function journal({ statistics, directory }: RunResult): Row[] {
  if (statistics.journal === undefined) return []
  const { points, bytes, timeMs } = statistics.journal
  const beside = `${showBytes(bytes)} in ${showDuration(timeMs)}; ${directory} is empty again`
  return [['durable points', showCount(points), beside]]
}

function taylor({ taylor: test }: RunResult): Row[] {
  if (test === undefined) return []
  const rows = test.rows.map(({ h, remainder, rate }): Row => {
    const beside = rate === undefined ? undefined : `rate ${rate.toFixed(3)}`
    return ['', `h ${h.toExponential(2)}   remainder ${remainder.toExponential(3)}`, beside]
  })
  return [['Taylor test', `rate ${test.rate.toFixed(3)}`, '2 if the gradient is right'], ...rows]
}
