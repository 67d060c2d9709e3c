// The time of an action, against that of a bare generator of fresh objects. After `pnpm build`: node bench/actions.mjs
import { exampleSchedule } from '@checkpoint-schedules/example-schedule'

const schedule = exampleSchedule({ steps: 200_000, period: 100 })
let actions = 0
for (const _ of schedule) actions += 1

function* bare() {
  for (let n = 0; n < actions; n++) yield { type: 'Reverse', n1: n + 1, n0: n, clearAdjDeps: true }
}

function best(iterable) {
  let least = Infinity
  for (let round = 0; round < 5; round++) {
    const started = performance.now()
    for (const _ of iterable()) continue
    least = Math.min(least, performance.now() - started)
  }
  return least
}

const ratio = best(() => schedule) / best(bare)
console.log(`${actions} actions, each ${ratio.toFixed(1)} × the time of a bare generator's object`)
