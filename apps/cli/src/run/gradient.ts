/** Figures about a gradient, which may be any tree of arrays. */
import { createHash } from 'node:crypto'
import { endianness } from 'node:os'

type Numbers = Float64Array | Float32Array

/** Calls `visit` for each array of numbers in the tree, in order; a single number is an array of one. */
export function forEachArray(tree: unknown, visit: (numbers: Numbers) => void): void {
  if (typeof tree === 'number') visit(Float64Array.of(tree))
  else if (tree instanceof Float64Array || tree instanceof Float32Array) visit(tree)
  else if (typeof tree === 'object' && tree !== null && !ArrayBuffer.isView(tree)) {
    for (const part of Object.values(tree)) forEachArray(part, visit)
  }
}

/** SHA-256 of all numbers as little-endian float64, in order: the same for bit-for-bit identical gradients. */
export function gradientSha256(gradient: unknown): string {
  const hash = createHash('sha256')
  forEachArray(gradient, (numbers) => {
    const doubles = numbers instanceof Float64Array ? numbers : Float64Array.from(numbers)
    const bytes = Buffer.from(doubles.buffer, doubles.byteOffset, doubles.byteLength)
    hash.update(endianness() === 'BE' ? Buffer.from(bytes).swap64() : bytes)
  })
  return hash.digest('hex')
}

/** The Euclidean norm. */
export function gradientNorm(gradient: unknown): number {
  let sum = 0
  forEachArray(gradient, (numbers) => {
    for (let i = 0; i < numbers.length; i++) sum += numbers[i]! * numbers[i]!
  })
  return Math.sqrt(sum)
}

/** The gradient's array for drawing, if it has exactly one. */
export function flatValues(tree: unknown): Numbers | undefined {
  const arrays: Numbers[] = []
  forEachArray(tree, (numbers) => arrays.push(numbers))
  return arrays.length === 1 ? arrays[0] : undefined
}
