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

// Either every tape is kept, on disk as far as there is space; or there is a checkpoint from which all later steps are reached.
function ofEqualSteps({ steps, a, d, u, v, z, e, disk = -Infinity }: Chain): number {
  const last = Math.max(v[0]! + e[0]!, z[0]!)
  if (steps === 1) return last
  const again = Math.max(last, u[0]! + e[0]!)
  const onDisk = disk < 0 ? 0 : d[0] === 0 ? Infinity : Math.floor(disk / d[0]!)
  const inRam = Math.max(0, steps - 1 - onDisk)
  const kept = inRam === 0 ? last : inRam * d[0]! + again
  return Math.min(kept, (disk >= a[0]! ? 0 : a[0]!) + again)
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
