/** The best value of an option in a range, where each value takes time to try. */

/** Ranges with up to this many values are tried in full. */
const FULL = 100

/** Points of the first look at a larger range, in geometric progression. */
const POINTS = 12

/** Points between the best one's neighbours, in each closer look. */
const CLOSER = 5

export interface SearchRange {
  readonly from: number
  readonly to: number
  readonly likely?: readonly number[]
}

/**
 * Calls `score` for values of the range and returns the one of least score: the very best in a range of up to 100 values, otherwise the
 * bottom of the deepest valley that 12 points in geometric progression and the likely values show. A score of `Infinity` is never best.
 *
 * @param mayContinue - Asked before each value; without it the best so far is returned.
 */
export async function bestIn(
  { from, to, likely = [] }: SearchRange,
  score: (value: number) => Promise<number>,
  mayContinue: () => boolean,
): Promise<number | undefined> {
  const scores = new Map<number, number>()
  const found: { best?: number } = {}
  const look = async (values: Iterable<number>) => {
    for (const value of values) {
      if (value < from || value > to || scores.has(value)) continue
      if (scores.size > 0 && !mayContinue()) return
      const scored = await score(value)
      scores.set(value, scored)
      if (scored < (found.best === undefined ? Infinity : scores.get(found.best)!)) found.best = value
    }
  }
  await look([to, from, ...likely])
  if (to - from < FULL) {
    await look(between(from, to, to - from + 1))
    return found.best
  }
  await look(Array.from({ length: POINTS }, (_, i) => Math.round(from + (to - from + 1) ** (i / POINTS) - 1)))
  // What surrounds the best value, closer and closer.
  while (mayContinue()) {
    const { best } = found
    if (best === undefined) break
    const tried = [...scores.keys()].toSorted((a, b) => a - b)
    const at = tried.indexOf(best)
    const [low, high] = [tried[at - 1] ?? best, tried[at + 1] ?? best]
    if (high - low <= (low === best || high === best ? 1 : 2)) break
    await look([...between(low, best, CLOSER), ...between(best, high, CLOSER)])
  }
  return found.best
}

/** Up to `count` values from `low` to `high`, both included. */
function between(low: number, high: number, count: number): number[] {
  const step = Math.max(1, (high - low) / (count + 1))
  const values: number[] = []
  for (let value = low; value <= high; value += step) values.push(Math.round(value))
  return values
}
