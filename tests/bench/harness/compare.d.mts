import type { Figure } from './judge.mjs'

export interface Compared {
  readonly figure: Figure
  readonly old: Figure
  readonly change: 'better' | 'worse' | 'within noise'
}

export function compare(before: readonly Figure[], now: readonly Figure[]): Compared[]
