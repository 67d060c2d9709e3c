/** The steps whose dependency data is in working memory, as disjoint intervals: O(1) for runs that keep everything. */
export class Intervals {
  // Disjoint and not touching each other; unordered, as there are rarely two.
  #parts: { from: number; to: number }[] = []

  /** Adds the steps from … to-1. */
  add(from: number, to: number): void {
    const touching = this.#parts.filter((part) => part.from <= to && from <= part.to)
    this.#parts = this.#parts.filter((part) => !touching.includes(part))
    for (const part of touching) {
      from = Math.min(from, part.from)
      to = Math.max(to, part.to)
    }
    this.#parts.push({ from, to })
  }

  /** The intervals, in order. */
  get parts(): { readonly from: number; readonly to: number }[] {
    return this.#parts.toSorted((a, b) => a.from - b.from)
  }

  /** Whether all of the steps from … to-1 are there. */
  covers(from: number, to: number): boolean {
    return this.#parts.some((part) => part.from <= from && to <= part.to)
  }
}
