/** Where sources and receivers are. */
import type { FieldMarks } from '@checkpoint-schedules/model'

/** How deep they are, in m, on a grid of this spacing. */
interface Depths {
  readonly spacing: number
  readonly sourceDepth?: number | undefined
  readonly receiverDepth: number
}

/** The model row of the sources. */
export function sourceRow(nz: number, { sourceDepth, spacing }: Depths): number {
  return sourceDepth === undefined ? Math.floor((7 * nz) / 8) : Math.round(sourceDepth / spacing)
}

/** The model row of the receivers. */
export function receiverRow({ receiverDepth, spacing }: Depths): number {
  return Math.round(receiverDepth / spacing)
}

/** The columns of `count` sources or receivers: the middles of as many equal parts of the model's width. */
export function spread(count: number, nx: number): number[] {
  return Array.from({ length: count }, (_, k) => Math.floor(((2 * k + 1) * nx) / (2 * count)))
}

/** What a picture of the velocity marks: places in m. */
export function marksOf(
  shape: readonly number[],
  counts: { readonly shots: number; readonly receivers: number },
  numbers: Depths,
): FieldMarks[] {
  const [nz, nx] = shape as [number, number]
  const { spacing } = numbers
  const placed = (row: number, count: number) =>
    spread(count, nx).map((column) => [row * spacing, column * spacing])
  return [
    { label: 'sources', at: placed(sourceRow(nz, numbers), counts.shots) },
    { label: 'receivers', at: placed(receiverRow(numbers), counts.receivers) },
  ]
}
