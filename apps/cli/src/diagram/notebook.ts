/**
 * The diagram exactly as the Python package's tutorial prints it: four columns per step, `+` on a separate line where data is
 * stored, without EndForward.
 *
 * ```
 *        +
 *        |--->               Forward(2, 3, True, False, <StorageType.RAM: 0>)
 * ```
 */
import { type Action, formatAction, type Run } from '@checkpoint-schedules/core'

/** The lines of a run whose number of steps is known. */
export function* notebookLines(run: Run, steps: number): Generator<string> {
  for (const action of run) yield* linesOf(action, steps)
}

function linesOf(action: Action, steps: number): string[] {
  const text = formatAction(action, { dialect: 'notebook' })
  switch (action.type) {
    case 'Forward': {
      const n1 = Math.min(action.n1, steps)
      const start = action.n0 === 0 ? '|' : `${lead(action.n0)}|`
      return [
        ...(action.writeIcs ? [' '.repeat(Math.max(1, 4 * action.n0 - 1)) + '+'] : []),
        ...(action.writeAdjDeps ? [' '.repeat(4 * n1 - 1) + '+'] : []),
        start + '--->'.repeat(n1 - action.n0) + beforeText(n1, steps) + text,
      ]
    }
    case 'Reverse':
      return [
        lead(action.n0) + '<---'.repeat(action.n1 - action.n0) + '|' + beforeText(action.n1, steps) + text,
      ]
    case 'Copy':
      return [`${lead(action.n)}c${' '.repeat(24)}${text}`]
    case 'Move':
      return [`${lead(action.n)}-${' '.repeat(21)}${text}`]
    case 'Discard':
      return [`${lead(action.n)}x${' '.repeat(21)}${text}`]
    case 'EndForward':
      return []
    case 'EndReverse':
      return [text]
  }
}

function lead(n: number): string {
  return ' '.repeat(Math.max(0, 4 * n - 1))
}

function beforeText(n1: number, steps: number): string {
  return ' '.repeat(12 + 3 * (steps - n1))
}
