/** The bytes that a run holds at most, added up plainly after every action. */
import type { Action } from '@checkpoint-schedules/core'
import { workingBytes } from '@checkpoint-schedules/model'

export function peakBytesOf(
  actions: Iterable<Action>,
  steps: number,
  sizes: { readonly state: number; readonly tape: number; readonly adjoint: number },
  buffers: number,
): { RAM: number; DISK: number } {
  const held = new Map<string, number>()
  const peak = { RAM: 0, DISK: 0 }
  let kept = 0 // tapes in working memory
  let usesDisk = false
  for (const action of actions) {
    if (action.type === 'Forward') {
      const { n0, n1, writeIcs, writeAdjDeps, storage } = action
      if (storage === 'RAM' || storage === 'DISK')
        held.set(`${storage} ${n0}`, writeIcs ? sizes.state : sizes.tape)
      else if (writeAdjDeps && storage === 'WORKING_MEMORY') kept += Math.min(n1, steps) - n0
      usesDisk ||= storage === 'DISK' && (writeIcs || writeAdjDeps)
    } else if (action.type === 'Move') held.delete(`${action.from} ${action.n}`)
    else if (action.type === 'Discard') held.delete(`${action.storage} ${action.n}`)
    for (const storage of ['RAM', 'DISK'] as const) {
      let sum = storage === 'RAM' ? Math.max(0, kept - 1) * sizes.tape : 0
      for (const [key, bytes] of held) if (key.startsWith(storage)) sum += bytes
      peak[storage] = Math.max(peak[storage], sum)
    }
  }
  const { state, tape, adjoint } = sizes
  const working = workingBytes({
    stateBytes: state,
    tapeBytes: tape,
    adjointBytes: adjoint,
    buffers: usesDisk ? buffers : 0,
  })
  return { RAM: peak.RAM + working, DISK: peak.DISK }
}
