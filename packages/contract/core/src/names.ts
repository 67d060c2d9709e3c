/** Names: how an identifier reads on a command line, and which known name a mistyped one may have meant. */

/**
 * `snapshotsInRam` → `snapshots-in-ram`, `hRevolve` → `h-revolve`.
 *
 * @example
 * ```ts
 * import { toKebabCase } from '@checkpoint-schedules/core'
 *
 * toKebabCase('snapshotsInRam') // 'snapshots-in-ram'
 * ```
 */
export function toKebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
}

/**
 * The candidate that is nearest to `name` by edits (insert, drop, replace, swap neighbours), or `undefined`
 * if none is near: at most a third of the name may differ, but one edit is always allowed. O(length²) for each candidate.
 *
 * @example
 * ```ts
 * import { nearestName } from '@checkpoint-schedules/core'
 *
 * nearestName('multstage', ['multistage', 'two-level']) // 'multistage'
 * ```
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.slice(0, 64).toLowerCase()
  let best: string | undefined
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

/**
 * `; did you mean "x"?`-style ending for messages, empty if nothing is near.
 *
 * @example
 * ```ts
 * import { didYouMean } from '@checkpoint-schedules/core'
 *
 * didYouMean('multstage', ['multistage', 'revolve']) // ' Did you mean multistage?'
 * ```
 */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const nearest = nearestName(name, candidates)
  return nearest === undefined ? '' : ` Did you mean ${nearest}?`
}

// Optimal string alignment distance, by rows.
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, beforeLast[j - 2]! + 1)
      }
      row.push(edits)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
