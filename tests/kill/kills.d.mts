/** What a run said, and how its process ended. */
export interface Ended {
  readonly how: number | string
  readonly lines: readonly Record<string, string>[]
  readonly result: { readonly digest?: string; readonly code?: string; readonly message?: string } & Record<
    string,
    unknown
  >
  readonly took: number
}

export function start(
  directory: string,
  schedule: string,
  killAfter?: number,
  everySteps?: number,
  signal?: NodeJS.Signals,
): Promise<Ended>

export function killRuns(settings: {
  kills: number
  seed: number
  tell?: (it: object) => void
  /** The journals are in an object store instead of directories. */
  inObjects?: boolean
}): Promise<{
  counts: Record<string, number>
  wrong: object[]
}>
