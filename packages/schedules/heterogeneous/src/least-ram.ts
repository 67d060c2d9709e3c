/**
 * The least memory with which there is a plan at all. A step is possible if there are at least so many bytes, so more memory never hurts,
 * and the recurrences of the cost become recurrences of the least memory: sums become maxima.
 */
import { type Chain, isUniform } from './chain.js'

/** The least bytes of RAM for this chain with its disk; its own RAM is not looked at. */
export function leastRam(chain: Chain): number {
  if (isUniform(chain)) return ofEqualSteps(chain)
  return chain.hasWorking ? withWorking(chain) : ofCheckpoints(chain)
}

/** Whether one checkpoint of the first step serves for all others: then there is a plan, and no need for `leastRam`. O(steps). */
export function isPlainlyFeasible({ steps, a, u, v, z, e, ram, disk }: Chain): boolean {
  if (ram < Math.max(v[0]! + e[1]!, z[0]!)) return false
  const free = disk !== undefined && disk >= a[0]! ? ram : ram - a[0]!
  let most = 0
  for (let j = 2; j <= steps; j++) {
    most = Math.max(most, u[j - 2]!)
    if (free < Math.max(most + e[j]!, v[j - 1]! + e[j]!, z[j - 1]!)) return false
  }
  return steps === 1 || free >= 0
}

// Without working bytes: from a checkpoint all later steps are reached, so there are tapes up to the first one at most.
function ofCheckpoints({ steps, a, d, disk }: Chain): number {
  const free: number[][] = [[disk ?? -Infinity]] // on disk, by step
  for (let i = 0; i < steps - 1; i++) {
    const next = new Set<number>()
    for (const q of free[i]!) {
      if (q >= a[i]!) continue
      next.add(q)
      if (q >= d[i]!) next.add(q - d[i]!)
    }
    free.push([...next])
  }
  let least = new Map(free[steps - 1]!.map((q) => [q, 0]))
  for (let i = steps - 2; i >= 0; i--) {
    const after = least
    least = new Map(
      free[i]!.map((q) => {
        if (q >= a[i]!) return [q, 0]
        const onDisk = q >= d[i]! ? after.get(q - d[i]!)! : Infinity
        return [q, Math.min(a[i]!, d[i]! + after.get(q)!, onDisk)]
      }),
    )
  }
  return least.get(disk ?? -Infinity)!
}

function ofEqualSteps({ steps, a, d, u, v, z, e, disk }: Chain): number {
  const standing = e[0]!
  const last = Math.max(v[0]! + standing, z[0]!)
  const again = Math.max(last, u[0]! + standing)
  const q = disk ?? -Infinity
  const tapes = q >= a[0]! || d[0] === 0 ? 0 : Math.max(0, Math.min(steps, Math.floor(q / d[0]!)))
  // By the number of tapes on disk.
  let least = new Float64Array(tapes + 1).fill(last)
  for (let n = 2; n <= steps; n++) {
    least = least.map((before, y) => {
      const keepRam = Math.max(z[0]!, d[0]! + u[0]! + standing, d[0]! + before)
      const onDisk = q - y * d[0]!
      const keepDisk = onDisk >= d[0]! ? Math.max(last, least[Math.min(y + 1, tapes)]!) : Infinity
      const store = onDisk >= a[0]! ? again : a[0]! + again
      return Math.min(keepRam, keepDisk, store)
    })
  }
  return least[0]!
}

// R(i,j) and, with restart data of i on disk, RK(i,j), for each amount of disk that can be left. O(steps³) for each.
function withWorking(chain: Chain): number {
  const { steps, a, d, u, v, z, e, disk } = chain
  const at = (i: number, j: number) => (j * (j - 1)) / 2 + i
  const tables = new Map<number, Float64Array>()
  const amounts = [...diskLeft(chain)].toSorted((x, y) => x - y)
  for (const q of amounts) {
    const R = new Float64Array(at(0, steps + 1)).fill(Infinity)
    const RK = new Float64Array(R.length).fill(Infinity)
    tables.set(q, R)
    for (let i = steps - 1; i >= 0; i--) {
      R[at(i, i + 1)] = Math.max(v[i]! + e[i + 1]!, z[i]!)
      const kept = q >= d[i]! ? tables.get(q - d[i]!) : undefined
      const stored = q >= a[i]! ? tables.get(q - a[i]!) : undefined
      for (let j = i + 2; j <= steps; j++) {
        let least = Math.max(z[i]!, d[i]! + Math.max(u[i]! + e[j]!, R[at(i + 1, j)]!))
        if (kept !== undefined) least = Math.min(least, Math.max(z[i]!, v[i]! + e[j]!, kept[at(i + 1, j)]!))
        let onDisk = Infinity
        let most = 0
        for (let k = i + 1; k < j; k++) {
          most = Math.max(most, u[k - 1]!)
          const again = R[at(i, k)]!
          least = Math.min(least, Math.max(again, a[i]! + Math.max(R[at(k, j)]!, most + e[j]!)))
          if (stored === undefined) continue
          onDisk = Math.min(onDisk, Math.max(Math.min(again, RK[at(i, k)]!), stored[at(k, j)]!, most + e[j]!))
        }
        RK[at(i, j)] = onDisk
        R[at(i, j)] = Math.min(least, onDisk)
      }
    }
  }
  return tables.get(disk ?? -Infinity)![at(0, steps)]!
}

function diskLeft({ steps, a, d, disk }: Chain): Set<number> {
  const all = new Set([disk ?? -Infinity])
  const lasting = new Set<number>()
  let here = new Set(all)
  for (let i = 0; i < steps - 1; i++) {
    const next = new Set<number>()
    for (const q of here) {
      next.add(q)
      if (q >= d[i]!) next.add(q - d[i]!)
      if (q >= a[i]!) lasting.add(q - a[i]!)
    }
    here = new Set([...next, ...lasting])
    for (const q of here) all.add(q)
  }
  return all
}
