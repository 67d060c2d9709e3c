/** The result of a run for people: aligned, in readable units. */
import type { TaylorResult } from '@checkpoint-schedules/gradient-checks'
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
  const rows = test.rows.map(({ h, remainder, rounding, rate }): Row => {
    const isRounding = remainder <= rounding
    const beside = rate === undefined ? (isRounding ? 'rounding' : undefined) : `rate ${rate.toFixed(3)}`
    return ['', `h ${h.toExponential(2)}   remainder ${remainder.toExponential(3)}`, beside]
  })
  return [['Taylor test', test.verdict, taylorSentence(test)], ...rows]
}

/** The verdict of a Taylor test as a sentence, with the numbers behind it. */
export function taylorSentence({ verdict, rows, slopeError, uncertainty }: TaylorResult): string {
  const rates = rows.flatMap(({ rate }) => rate?.toFixed(3) ?? [])
  const shown =
    rates.length === 0
      ? 'no remainder is above rounding'
      : rates.length === 1
        ? `rate ${rates[0]}`
        : `rates ${rates[0]} … ${rates.at(-1)}`
  const within = (uncertainty: number) => `to a relative error of ${uncertainty.toExponential(0)}`
  switch (verdict) {
    case 'passed':
      return `${shown}; the slope is right ${within(slopeError + uncertainty)}`
    case 'exact':
      return `the objective is linear along the direction, and the gradient agrees with it ${within(uncertainty)}`
    case 'wrong':
      return `the gradient is wrong: its slope has a relative error of ${slopeError.toExponential(1)}; ${shown}`
    case 'undecided':
      return `${shown}; the slope is only known ${within(uncertainty)}: the objective is not smooth, not reproducible, or hardly changes here`
  }
}
