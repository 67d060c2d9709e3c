/** A binary heap, least cost first. */
export class Heap<T> {
  readonly #items: [number, T][] = []

  push(cost: number, item: T): void {
    const items = this.#items
    let i = items.length
    items.push([cost, item])
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (items[parent]![0] <= cost) break
      items[i] = items[parent]!
      i = parent
    }
    items[i] = [cost, item]
  }

  pop(): [number, T] | undefined {
    const items = this.#items
    const top = items[0]
    const last = items.pop()
    if (top === undefined || last === undefined || items.length === 0) return top
    let i = 0
    for (let child = 1; child < items.length; child = 2 * i + 1) {
      if (child + 1 < items.length && items[child + 1]![0] < items[child]![0]) child += 1
      if (items[child]![0] >= last[0]) break
      items[i] = items[child]!
      i = child
    }
    items[i] = last
    return top
  }
}
