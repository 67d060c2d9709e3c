/** The problems that the project ships, small. */
import { burgers1d, wave2d } from '@checkpoint-schedules/models'
import type { AnyExample } from './example.js'

function example(
  problem: ReturnType<typeof burgers1d> | ReturnType<typeof wave2d>,
  steps: number,
): AnyExample {
  const { model, initialState, terminalAdjoint } = problem as ReturnType<typeof burgers1d>
  return {
    model,
    initialState,
    steps,
    terminalAdjoint: async (state, k) => {
      const adjoint = await (typeof terminalAdjoint === 'function'
        ? terminalAdjoint(state, k, steps)
        : terminalAdjoint)
      return scaled(adjoint, k + 1)
    },
  }
}

/** A new tree of the same numbers, times the factor. */
function scaled(value: unknown, factor: number): unknown {
  if (typeof value === 'number') return value * factor
  if (value instanceof Float64Array || value instanceof Float32Array) return value.map((x) => x * factor)
  if (Array.isArray(value)) return value.map((item) => scaled(item, factor))
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, scaled(item, factor)]))
}

export const burgers = () => example(burgers1d({ points: 60, steps: 60 }), 60)
export const wave = () => example(wave2d({ steps: 30, aperture: 200, absorbingWidth: 4, receivers: 8 }), 30)
