// Two records of the same figures: what got better, what got worse, and what may be noise.

/** A change below this share is called noise, however little the rounds differ; fewer than three rounds say little of the spread. */
const LEAST = 0.03
const LEAST_OF_FEW = 0.3

/**
 * Each figure of `now` that `before` has too, with its change. It counts if each median lies outside the other's spread; for equal
 * distributions and five rounds this happens in about one of twenty figures.
 */
export function compare(before, now) {
  const known = new Map(before.map((figure) => [keyOf(figure), figure]))
  return now
    .filter((figure) => known.has(keyOf(figure)))
    .map((figure) => {
      const old = known.get(keyOf(figure))
      return { figure, old, change: changeOf(old, figure) }
    })
}

function changeOf(old, figure) {
  if (isWithin(old.value, figure) || isWithin(figure.value, old)) return 'within noise'
  const rounds = Math.min(old.values.length, figure.values.length)
  const least = rounds < 3 ? LEAST_OF_FEW : LEAST
  if (Math.abs(figure.value - old.value) < least * Math.abs(old.value)) return 'within noise'
  const isBetter = figure.better === 'higher' ? figure.value > old.value : figure.value < old.value
  return isBetter ? 'better' : 'worse'
}

const isWithin = (value, { low, high }) => value >= low && value <= high
const keyOf = ({ part, figure, name }) => JSON.stringify([part, figure, name])
