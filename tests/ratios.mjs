// What not knowing the end costs: the worst ratio of forward steps to N + E(N+1, s), the fewest of any schedule that learns of its end
// after the last step, over all N up to MOST: `node tests/ratios.mjs [MOST] [MOST OF THE OTHER RULES]`. For comparison two other rules of
// placement: the same pillars and caps with the earliest checkpoint given up instead of the latest, and one by levels.
import { beta, extraSteps } from '@checkpoint-schedules/binomial'
import { online } from '@checkpoint-schedules/online'

const [most = 1_000_000, mostOfOthers = 20_000] = process.argv.slice(2).map(Number)

/** What is held while the forward goes from one step to another: `[held, n0, n1]`, for the schedule itself. */
function* latest(slots, end) {
  const held = []
  for (const action of online({ snapshots: slots }).start({ steps: end })) {
    if (action.type === 'EndForward') return
    if (action.type === 'Discard') held.splice(held.lastIndexOf(action.n), 1)
    else {
      held.push(action.n0)
      yield [held, action.n0, Math.min(action.n1, end)]
    }
  }
}

/** The same rule, but the earliest checkpoint that may be given up is. */
function* earliest(slots, end) {
  let held = []
  let [t, next] = [0, 0]
  let pillars = new Set()
  for (let n = 0; n < end;) {
    if (n === next && pillars.size === slots) {
      t += 1
      pillars = new Set([0])
    }
    if (held.length === slots) {
      const fits = (_step, i) =>
        i > 0 && !pillars.has(held[i]) && (held[i + 1] ?? n) - held[i - 1] <= beta(slots - i + 1, t)
      const at = held.findIndex(fits)
      held = held.filter((_, i) => i !== at)
    }
    held.push(n)
    if (n === next) {
      pillars.add(n)
      next = pillars.size < slots ? n + beta(slots - pillars.size + 1, t) : beta(slots, t + 1)
    }
    const to = pillars.size === slots ? next : Math.min(n + t + 1, next)
    yield [held, n, Math.min(to, end)]
    n = to
  }
}

/**
 * By levels, after Wang, Moin & Iaccarino (2009) as we understand them: every step is stored; what a later checkpoint of a higher level
 * makes dispensable is replaced, otherwise the newest one is, and the new one takes the next level.
 */
function* byLevels(slots, end) {
  let held = []
  let levels = []
  for (let n = 0; n < end; n++) {
    let level = n === 0 ? Infinity : 0
    if (held.length === slots && slots > 1) {
      let at = -1
      let above = 0
      for (let i = slots - 1; i > 0; i--) {
        if (levels[i] < above) at = i
        above = Math.max(above, levels[i])
      }
      if (at === -1) {
        at = slots - 1
        level = levels[at] + 1
      }
      held = held.filter((_, i) => i !== at)
      levels = levels.filter((_, i) => i !== at)
    }
    held.push(n)
    levels.push(level)
    yield [held, n, n + 1]
  }
}

/** The worst ratio, and the first N that has it. */
function worst(rule, slots, end) {
  let [ratio, at] = [1, 1]
  for (const [held, n0, n1] of rule(slots, end)) {
    let others = 0
    for (let i = 0; i < held.length - 1; i++) {
      const length = held[i + 1] - held[i]
      others += length + extraSteps(length, slots - i)
    }
    for (let n = n0 + 1; n <= n1; n++) {
      const length = n - held.at(-1)
      const taken = n + others + length + extraSteps(length, slots - held.length + 1)
      const excess = taken / (n + extraSteps(n + 1, slots))
      if (excess > ratio) [ratio, at] = [excess, n]
    }
  }
  return { ratio, at }
}

const shown = ({ ratio }) => (ratio - 1 < 0.0015 ? ratio.toFixed(6) : ratio.toFixed(4))
console.log(
  `| checkpoints | Online, N <= ${most} | worst at N | earliest, N <= ${mostOfOthers} | by levels |`,
)
console.log('| --- | --- | --- | --- | --- |')
for (const slots of [2, 3, 4, 5, 6, 10, 30, 100]) {
  const ours = worst(latest, slots, most)
  const others = [earliest, byLevels].map((rule) => shown(worst(rule, slots, mostOfOthers)))
  console.log(`| ${[slots, shown(ours), ours.at, ...others].join(' | ')} |`)
}
