// Parts of a sum that cost nothing and whose order of addition matters: what the tests of the queue compute.

/** Part `part`, as a worker computes it. */
export function partOf(part, control = new Uint8Array(0)) {
  const scale = control.reduce((sum, byte) => sum + byte / 7, 1)
  const gradient = Float64Array.from({ length: 300 }, (_, i) => (scale * Math.sin(1 + part * 300 + i)) / 3)
  return { value: gradient.reduce((sum, it) => sum + it * it, 0), gradient }
}

/** The sum of results in this order. */
export function sumOf(results) {
  const gradient = new Float64Array(300)
  let value = 0
  for (const it of results) {
    value += it.value
    for (let i = 0; i < gradient.length; i++) gradient[i] += it.gradient[i]
  }
  return { value, gradient }
}

/** The sum by a plain loop. */
export const serialSum = (parts, control) =>
  sumOf(Array.from({ length: parts }, (_, part) => partOf(part, control)))
