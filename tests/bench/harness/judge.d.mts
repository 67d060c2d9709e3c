export interface Goal {
  readonly atMost?: number
  readonly atLeast?: number
}

/** What one variant measured. */
export type Sample = Readonly<Record<string, number>>
export type Round = Readonly<Record<string, Sample>>

export interface DeclaredGoal {
  readonly name: string
  readonly figure: string
  readonly unit: string
  readonly goal?: Goal | undefined
  readonly measure: (samples: any, rounds: readonly Round[]) => number
  readonly better?: 'lower' | 'higher'
  readonly summary?: (ascending: readonly number[]) => number
  readonly distribution?: boolean
}

export interface Figure extends Omit<DeclaredGoal, 'measure' | 'summary'> {
  readonly part: string
  readonly verdict?: 'met' | 'missed'
  readonly value: number
  readonly low: number
  readonly high: number
  /** One for each round, ascending. */
  readonly values: readonly number[]
}

export function judge(part: string, declared: DeclaredGoal, rounds: readonly Round[]): Figure
