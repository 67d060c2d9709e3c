export interface PartResult {
  readonly value: number
  readonly gradient: Float64Array
}

/** Part `part`, as a worker computes it. */
export function partOf(part: number, control?: Uint8Array): PartResult

/** The sum of results in this order. */
export function sumOf(results: Iterable<PartResult>): PartResult

/** The sum by a plain loop. */
export function serialSum(parts: number, control?: Uint8Array): PartResult
