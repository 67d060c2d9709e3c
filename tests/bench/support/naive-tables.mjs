// The recurrences as they are published, filled naively in typed arrays.

/** OptP and Opt of two levels, hRevolve's optimal cost: min over j of j + Opt[l-j][m-1] + r + OptP[j-1][m]. */
export function naiveHRevolve(steps, slots, { write, read }) {
  const n = steps
  let below
  for (const [k, { w, r }] of [
    { w: 0, r: 0 },
    { w: write.DISK, r: read.DISK },
  ].entries()) {
    let opt = k === 0 ? new Float64Array(n).fill(Infinity) : below
    for (let m = 1; m <= slots; m++) {
      const optP = new Float64Array(n)
      const next = new Float64Array(n)
      optP[0] = next[0] = 1
      for (let l = 1; l < n; l++) {
        let least = k === 0 ? l + 1 + (l * (l + 1)) / 2 : below[l]
        if (k > 0 || m > 1) {
          for (let j = 1; j < l; j++) {
            const cost = j + opt[l - j] + r + optP[j - 1]
            if (cost <= least) least = cost
          }
        }
        optP[l] = least
        next[l] = k === 0 ? least : Math.min(below[l], w + least)
      }
      opt = next
    }
    below = opt
  }
  return below[n - 1]
}

/** diskRevolve's optimal cost; `opt0[l]` is the cost of l + 1 steps with memory only. */
export function naiveDiskRevolve(steps, opt0, { write, read }) {
  const optInf = new Float64Array(steps)
  optInf.set(opt0)
  for (let l = 2; l < steps; l++) {
    for (let j = 1; j < l; j++) {
      const cost = write.DISK + j + optInf[l - j] + read.DISK + opt0[j - 1]
      if (cost < optInf[l]) optInf[l] = cost
    }
  }
  return optInf[steps - 1]
}
