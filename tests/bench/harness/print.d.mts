import type { Compared } from './compare.mjs'
import type { Figure } from './judge.mjs'

export function figureLines(title: string, figures: readonly Figure[]): string[]
export function comparisonLines(what: string, compared: readonly Compared[]): string[]
export function summaryLine(figures: readonly Figure[]): string
