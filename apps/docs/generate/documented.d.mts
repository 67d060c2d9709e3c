import type { ProjectReflection } from 'typedoc'

export function undocumented(project: ProjectReflection | undefined): string[]
