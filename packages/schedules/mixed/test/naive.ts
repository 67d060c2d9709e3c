/** Mixed's recurrence as it is published, slow and plain: M(n, s), and the largest best advance i, 0 for dependency data. */
export function naiveMixed(most: number, slots: number) {
  const table = () => Array.from({ length: most + 1 }, () => new Array<number>(slots + 2).fill(Infinity))
  const m = table()
  const first = table()
  const again = table()
  for (let n = 1; n <= most; n++) {
    if (n === 1) m[n]![0] = 1
    for (let s = 1; s <= slots + 1; s++) {
      if (n <= s + 1) {
        m[n]![s] = n
        first[n]![s] = 0
        continue
      }
      // Where restart data is stored already, the same advances but no dependency data; from 1 up.
      let restart = Infinity
      let stored = Infinity
      let i0 = 0
      let i1 = 0
      for (let i = 1; i < n; i++) {
        const cost =
          s === 1 ? (i === n - 1 ? (n * (n + 1)) / 2 - 1 : Infinity) : i + m[i]![s]! + m[n - i]![s - 1]!
        if (i >= 2 && cost <= restart) [restart, i0] = [cost, i]
        if (cost <= stored) [stored, i1] = [cost, i]
      }
      const dependencies = s === 1 ? Infinity : 1 + m[n - 1]![s - 1]!
      m[n]![s] = Math.min(restart, dependencies)
      first[n]![s] = dependencies <= restart ? 0 : i0
      again[n]![s] = i1
    }
  }
  return { m, first, again }
}
