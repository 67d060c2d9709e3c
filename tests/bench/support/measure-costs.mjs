// What steps and transfers of a problem cost on this machine (ms), from a few of each.
import { treeCodec } from '@checkpoint-schedules/driver'

const WARM = 15
const COUNT = 25

/** The costs under which a run of `problem` with `store` as its DISK is simulated. */
export async function measureCosts({ model, initialState, terminalAdjoint, steps }, store) {
  let state = treeCodec.clone(initialState)
  let n = 0
  const forwardStep = await each(() => void (state = model.step(state, n++ % steps)))
  const copy = await each(() => void treeCodec.clone(state))
  const tapes = []
  const tapedStep = await each(() => {
    const taped = model.tape(state, n++ % steps)
    state = taped.state
    tapes.push(taped.tape)
  })
  const tape = tapes[0]
  let adjoint = typeof terminalAdjoint === 'function' ? terminalAdjoint(state) : terminalAdjoint
  const adjointStep = await each(() => void (adjoint = model.adjoint(adjoint, tapes.pop(), 0)))
  const restart = await transfers(store, 'restart', state)
  const dependency = await transfers(store, 'dependency', tape)
  return {
    forwardStep,
    tapedStep,
    adjointStep,
    copy,
    write: { DISK: restart.write },
    read: { DISK: restart.read },
    writeTape: { DISK: dependency.write },
    readTape: { DISK: dependency.read },
  }
}

/** What a put and a take cost; a store in memory takes no time. */
async function transfers(store, kind, value) {
  if (store.inMemory) return { write: 0, read: 0 }
  const codecs = { restart: treeCodec, dependency: treeCodec }
  const opened = await store.open({ storage: 'DISK', limit: null, codecs })
  const copies = Array.from({ length: WARM + COUNT }, () => treeCodec.clone(value))
  let step = 0
  const write = await each(() => opened.put({ step: step++, kind }, copies.pop()))
  const read = await each(() => opened.take({ step: --step, kind }))
  await opened.clear()
  await opened.close()
  return { write, read }
}

/** The mean time of `work`, garbage collection included, once it is warm. */
async function each(work) {
  for (let i = 0; i < WARM; i++) await work()
  const started = performance.now()
  for (let i = 0; i < COUNT; i++) await work()
  return (performance.now() - started) / COUNT
}
