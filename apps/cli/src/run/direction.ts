/**
 * The direction of a Taylor test: always the same for the same control, smooth (models smooth out noise, so the test
 * would see little of a rough one), and about as large as the control.
 */
const MODES = 4
const SEED = 20

/** A direction with the shape of `control`. */
export function directionFor<Control>(control: Control): Control {
  const random = generator(SEED)
  return along(control, random) as Control
}

function along(tree: unknown, random: () => number): unknown {
  if (typeof tree === 'number') return (tree || 1) * (random() < 0.5 ? -1 : 1)
  if (tree instanceof Float64Array || tree instanceof Float32Array) return waves(tree, random)
  if (Array.isArray(tree)) return tree.map((part: unknown) => along(part, random))
  if (typeof tree !== 'object' || tree === null || ArrayBuffer.isView(tree)) return tree
  return Object.fromEntries(Object.entries(tree).map(([key, part]) => [key, along(part, random)]))
}

function waves<A extends Float64Array | Float32Array>(values: A, random: () => number): A {
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += values[i]! * values[i]!
  const size = Math.sqrt(squares / values.length) || 1
  const modes = Array.from({ length: MODES }, (_, k) => ({
    frequency: (k + random()) * Math.PI * 2,
    phase: random() * Math.PI * 2,
  }))
  const direction = values.slice() as A
  for (let i = 0; i < direction.length; i++) {
    const x = i / direction.length
    const sum = modes.reduce((total, { frequency, phase }) => total + Math.cos(frequency * x + phase), 0)
    direction[i] = (size * sum) / Math.sqrt(MODES)
  }
  return direction
}

// Mulberry32: small, well mixed, and the same on every platform.
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
