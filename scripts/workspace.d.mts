/** A member of the workspace. */
export interface Member {
  /** The folder under `packages/`; an app has none. */
  readonly layer: string | undefined
  /** Relative to the repository. */
  readonly folder: string
  /** The name on npm, without the scope. */
  readonly name: string
  readonly manifest: PackageJson
}

interface PackageJson {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly checkpointSchedules?: boolean
  readonly [field: string]: unknown
}

export const root: string
export const scope: string
export function packagesIn(repository?: string): Member[]
export function membersOf(repository?: string): Member[]
