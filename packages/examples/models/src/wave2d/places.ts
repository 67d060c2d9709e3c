/** Where sources and receivers are. */
import type { FieldMarks } from '@checkpoint-schedules/model'

/** Where they may be, in m, on a grid of this spacing. */
interface Layout {
  readonly spacing: number
  readonly sourceDepth?: number | undefined
  readonly receiverDepth: number
  readonly aperture?: number | undefined
}

/** Some shots of a survey: those from `first` on, `count` of them, of `of` in all. */
export interface ShotRange {
  readonly first: number
  readonly count: number
  readonly of: number
}

/** The model row of the sources. */
export function sourceRow(nz: number, { sourceDepth, spacing }: Layout): number {
  return sourceDepth === undefined ? Math.floor((7 * nz) / 8) : Math.round(sourceDepth / spacing)
}

/** The model row of the receivers. */
export function receiverRow({ receiverDepth, spacing }: Layout): number {
  return Math.round(receiverDepth / spacing)
}

/** The columns of the sources of some shots. */
export function sourceColumns({ first, count, of }: ShotRange, nx: number): number[] {
  return spread(of, nx).slice(first, first + count)
}

/** The columns among which the receivers of the shot at column `ix` lie: `from` to `to - 1`. */
export function apertureOf(
  ix: number,
  nx: number,
  { aperture, spacing }: Layout,
): { readonly from: number; readonly to: number } {
  if (aperture === undefined) return { from: 0, to: nx }
  const reach = Math.round(aperture / spacing)
  return { from: ix < reach ? 0 : ix - reach, to: ix + reach < nx ? ix + reach + 1 : nx }
}

/** The columns of the receivers of the shot at column `ix`. */
export function receiverColumns(receivers: number, ix: number, nx: number, layout: Layout): number[] {
  const { from, to } = apertureOf(ix, nx, layout)
  return spread(receivers, to - from).map((column) => from + column)
}

/** `count` columns: the middles of as many equal parts of the width. */
function spread(count: number, width: number): number[] {
  return Array.from({ length: count }, (_, k) => Math.floor(((2 * k + 1) * width) / (2 * count)))
}

/** What a picture of the velocity marks: places in m. Receivers that shots share are marked once. */
export function marksOf(
  shape: readonly number[],
  shots: ShotRange,
  receivers: number,
  layout: Layout,
): FieldMarks[] {
  const [nz, nx] = shape as [number, number]
  const { spacing } = layout
  const sources = sourceColumns(shots, nx)
  const listening = new Set(sources.flatMap((ix) => receiverColumns(receivers, ix, nx, layout)))
  const placed = (row: number, columns: Iterable<number>) =>
    Array.from(columns, (column) => [row * spacing, column * spacing])
  return [
    { label: 'sources', at: placed(sourceRow(nz, layout), sources) },
    { label: 'receivers', at: placed(receiverRow(layout), listening) },
  ]
}
