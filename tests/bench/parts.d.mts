import type { DeclaredGoal, Sample } from './harness/judge.mjs'

export interface Experiment {
  readonly variants: Readonly<Record<string, (context: any) => Sample | Promise<Sample>>>
  readonly goals: readonly DeclaredGoal[]
  readonly rounds?: number
  readonly prepare?: (context: any) => unknown
}

export interface Bench {
  readonly title: string
  readonly experiments: readonly Experiment[]
}

export const parts: Readonly<Record<string, () => Promise<{ bench: Bench }>>>
