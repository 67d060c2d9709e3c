// Timing: each candidate several times in turn, the best time of each counts. Only ratios within one run are compared.

/** The best time (ms) of each function, all of them run `rounds` times in turn. Functions may be async. */
export async function best(functions, rounds = 7) {
  const times = functions.map(() => Infinity)
  for (let round = 0; round < rounds; round++) {
    for (const [i, run] of functions.entries()) {
      globalThis.gc?.()
      const started = performance.now()
      await run()
      times[i] = Math.min(times[i], performance.now() - started)
    }
  }
  return times
}

/** Prints rows of cells as an aligned table: the first column to the left, the others to the right. */
export function table(title, head, rows) {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => String(row[i]).length)))
  const line = (row) =>
    row
      .map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i])))
      .join('  ')
  console.log(`\n${title}\n${line(head)}\n${widths.map((width) => '-'.repeat(width)).join('  ')}`)
  for (const row of rows) console.log(line(row))
}

export const ratio = (x) => `${x.toFixed(2)} ×`
