/** The schedules of the workspace, found when the site is built. */
declare module 'virtual:schedules' {
  import type { DiscoveredSchedule } from '@checkpoint-schedules/core'

  /** A schedule and the package that exports it. */
  export interface SiteSchedule extends DiscoveredSchedule {
    readonly packageName: string
  }

  export const schedules: readonly SiteSchedule[]
}
