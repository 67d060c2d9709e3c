/** The paper behind this schedule. */
import type { Reference } from '@checkpoint-schedules/core'

export const maddison2024: Reference = {
  authors: 'J. R. Maddison',
  title: 'Step-based checkpointing with high-level algorithmic differentiation',
  year: 2024,
  doi: '10.1016/j.jocs.2024.102405',
  published: { journal: 'Journal of Computational Science', volume: '82', pages: '102405' },
}
