/** Checks that every export is documented: a type needs a sentence, a function, class or constant also needs an example, which the tests run. */
import { ReflectionKind } from 'typedoc'

const withExample = ReflectionKind.Function | ReflectionKind.Variable | ReflectionKind.Class

/** A message for each export of the converted project without documentation or without an example. */
export function undocumented(project) {
  return (project?.children ?? []).flatMap((module) =>
    (module.children ?? []).flatMap((it) => {
      const fault = it.kind === ReflectionKind.Reference ? undefined : faultOf(it)
      return fault === undefined ? [] : [`${module.name}: ${it.name} ${fault}`]
    }),
  )
}

function faultOf(reflection) {
  const comments = [reflection, ...(reflection.signatures ?? [])].flatMap(({ comment }) => comment ?? [])
  if (comments.length === 0) return 'has no documentation comment'
  if (!reflection.kindOf(withExample) || comments.some((it) => it.getTag('@example'))) return undefined
  return 'has no @example'
}
