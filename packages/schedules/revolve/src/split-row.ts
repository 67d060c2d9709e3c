/**
 * One row of a checkpointing table, as a separate problem. Every recurrence of the H-Revolve family has the form
 *
 *     v[l] = min( base[l],  constant + min over 1 <= c < l of  a[c] + known[l-c] )
 *
 * where `known` is there from the start and `a` grows with v: a[c] = c·stride + v[c-lag].
 *
 * ```
 * 0        c                 l          split here at c …
 * +--------->---------------->
 * a[c]        known[l-c]                … or stay in one piece for base[l]
 * ```
 */

/** A row to be filled: indices 0 … l if `base` has l+1 entries; the entries 1 … l-1 of `known` are read. */
export interface SplitRow {
  /** The cost without a split. */
  readonly base: Float64Array
  readonly known: Float64Array
  /** The additional cost of every split. */
  readonly constant: number
  readonly stride: number
  readonly lag: 0 | 1
  /** v is written here. */
  readonly values: Float64Array
  /** A best c of each l, 0 if no split is strictly better than `base`, is written here. */
  readonly winners: Int32Array
}
