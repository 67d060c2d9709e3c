/** The recurrences as they are published, slow and plain: what the fast tables are compared with. */
import type { LevelOption } from '../src/levels.js'
import type { SplitRow } from '../src/split-row.js'

/** A row by its definition. */
export function fillNaively({ base, known, constant, stride, lag }: SplitRow, ties: 'first' | 'last') {
  const values = Array.from(base)
  const winners = values.map(() => 0)
  const a = (c: number) => c * stride + values[c - lag]!
  for (let l = 2; l < base.length; l++) {
    let best = Infinity
    let winner = 0
    for (let c = 1; c < l; c++) {
      const cost = a(c) + known[l - c]!
      if (cost < best || (cost === best && ties === 'last')) [best, winner] = [cost, c]
    }
    if (best + constant < base[l]!) [values[l], winners[l]] = [best + constant, winner]
  }
  return { values, winners }
}

/** Opt and OptP of H-Revolve and their last best j (0: stay below), by level, slots and l. */
export function naiveLevels(l: number, levels: readonly LevelOption[], uf: number, ub: number) {
  const table = (slots: number) =>
    Array.from({ length: slots + 1 }, () => new Array<number>(l + 1).fill(Infinity))
  const opt = levels.map(({ slots }) => table(slots))
  const optP = levels.map(({ slots }) => table(slots))
  const best = levels.map(({ slots }) => table(slots).map((row) => row.map(() => 0)))
  levels.forEach(({ slots, writeCost: w, readCost: r }, k) => {
    const below = k === 0 ? undefined : opt[k - 1]![levels[k - 1]!.slots]!
    for (let m = 0; m <= slots; m++) {
      opt[k]![m]![0] = optP[k]![m]![0] = ub
      if (m === 0) {
        if (below) opt[k]![0] = [...below]
        continue
      }
      for (let i = 1; i <= l; i++) {
        let least = below ? below[i]! : (i + 1) * ub + ((i * (i + 1)) / 2) * uf + i * r
        const unsplit = least
        let split = 0
        for (let j = 1; j < i; j++) {
          const cost = j * uf + opt[k]![m - 1]![i - j]! + r + optP[k]![m]![j - 1]!
          if (cost < least || (cost === least && cost < unsplit)) [least, split] = [cost, j]
        }
        optP[k]![m]![i] = least
        best[k]![m]![i] = split
        opt[k]![m]![i] = below ? Math.min(below[i]!, w + least) : w + least
      }
    }
  })
  return { opt, optP, best }
}

/** OptInf of Disk-Revolve with its largest best j, and Opt1D. */
export function naiveDisk(
  l: number,
  ram: number,
  { uf, ub, w, r }: { uf: number; ub: number; w: number; r: number },
  reads: 'once' | 'many',
) {
  const memory = naiveLevels(l, [{ storage: 'RAM', slots: ram, writeCost: 0, readCost: 0 }], uf, ub)
  const opt0 = memory.opt[0]![ram]!
  const opt1D = [...opt0]
  for (let i = 2; i <= l; i++) {
    for (let j = 1; j < i; j++) opt1D[i] = Math.min(opt1D[i]!, j * uf + opt0[i - j]! + r + opt1D[j - 1]!)
  }
  const piece = reads === 'many' ? opt1D : opt0
  const optInf = [...opt0]
  const best = optInf.map(() => 0)
  for (let i = 2; i <= l; i++) {
    for (let j = 1; j < i; j++) {
      const cost = w + j * uf + optInf[i - j]! + r + piece[j - 1]!
      if (cost < optInf[i]! || (cost === optInf[i] && cost < opt0[i]!)) [optInf[i], best[i]] = [cost, j]
    }
  }
  return { opt0, opt1D, optInf, best }
}
