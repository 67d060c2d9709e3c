/** The recurrences as they stand, by plain recursion over (i, j, m, q). */
import type { Chain } from '../src/chain.js'

/** The least extra cost. O(steps³) for each amount of free bytes. */
export function leastExtraCost(chain: Chain): number {
  const { steps, f, a, d, u, v, z, e, readA, writeA, readD, writeD, ram, disk } = chain
  const known = new Map<string, [V: number, K: number]>()
  const solve = (i: number, j: number, m: number, q: number): [V: number, K: number] => {
    if (m < 0 || q < 0) return [Infinity, Infinity]
    const key = `${i},${j},${m},${q}`
    let found = known.get(key)
    if (found === undefined) known.set(key, (found = values(i, j, m, q)))
    return found
  }
  const values = (i: number, j: number, m: number, q: number): [V: number, K: number] => {
    const standing = e[j]!
    if (j === i + 1) return [m >= Math.max(v[i]! + standing, z[i]!) ? 0 : Infinity, Infinity]
    let V = Infinity
    let K = Infinity
    if (m >= z[i]! && m - d[i]! >= u[i]! + standing) V = Math.min(V, solve(i + 1, j, m - d[i]!, q)[0])
    if (disk !== undefined && m >= z[i]! && m >= v[i]! + standing)
      V = Math.min(V, writeD[i]! + readD[i]! + solve(i + 1, j, m, q - d[i]!)[0])
    let F = 0
    let most = 0
    for (let k = i + 1; k < j; k++) {
      F += f[k - 1]!
      most = Math.max(most, u[k - 1]!)
      const [again, onceRead] = solve(i, k, m, q)
      if (most + standing <= m - a[i]!) V = Math.min(V, F + again + solve(k, j, m - a[i]!, q)[0])
      if (disk !== undefined && most + standing <= m)
        K = Math.min(K, F + readA[i]! + Math.min(again, onceRead) + solve(k, j, m, q - a[i]!)[0])
    }
    return [Math.min(V, writeA[i]! + K), K]
  }
  return solve(0, steps, ram, disk ?? 0)[0]
}
