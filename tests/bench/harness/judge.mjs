// Figures from samples: one value for each round, their summary and spread, and whether the goal is met.
import { median } from './timing.mjs'

/**
 * The figure of a goal `{ name, figure, unit, goal, measure }`. `measure(samples, rounds)` gives the value of a round from what
 * each variant measured in it. `goal` is `{ atMost }` or `{ atLeast }`, or absent for a figure without a verdict; the lower value
 * is the better one unless the goal is `atLeast` or `better` is 'higher'. `summary` is the median, unless it is stated. With
 * `distribution` the value of every round is printed.
 */
export function judge(part, declared, rounds) {
  const { name, figure, unit, goal, measure, summary = median, fastest, distribution = false } = declared
  const values = rounds.map((samples) => measure(samples, rounds)).toSorted((a, b) => a - b)
  const value = fastest === undefined ? summary(values) : measure(fastestOf(rounds, fastest), rounds)
  const better = goal?.atLeast === undefined ? (declared.better ?? 'lower') : 'higher'
  return {
    part,
    name,
    figure,
    unit,
    ...(goal && { goal, verdict: isMet(value, goal) ? 'met' : 'missed' }),
    better,
    value,
    low: values[0],
    high: values.at(-1),
    values,
    distribution,
  }
}

function fastestOf(rounds, key) {
  const least = (one, other) => (one[key] <= other[key] ? one : other)
  return Object.fromEntries(
    Object.keys(rounds[0]).map((name) => [name, rounds.map((samples) => samples[name]).reduce(least)]),
  )
}

function isMet(value, { atMost = Infinity, atLeast = -Infinity }) {
  return value <= atMost && value >= atLeast
}
