// What steps and transfers of a problem cost on this machine (ms), from short runs and a few transfers.
import { runAdjoint, treeCodec } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { once } from '../harness/timing.mjs'

const STEPS = 80
const WARM = 5
const COUNT = 40

/**
 * The costs under which a run of `problem` with `openStore()` as its DISK is simulated, and what opening that store takes. Steps are
 * timed within runs, so that caches are as cold, and the driver's checks as many, as they will be.
 */
export async function measureCosts(problem, openStore) {
  const run = (steps, DISK) =>
    runAdjoint({
      ...problem,
      steps,
      schedule: multistage({ steps, snapshotsInRam: 4, snapshotsOnDisk: 4 }),
      stores: { DISK },
      buffers: 0,
    })
  await run(STEPS, openStore()) // compiles
  const { statistics, finalState } = await run(STEPS, openStore())
  const { forwardSteps, adjointSteps, timeMs } = statistics
  const { wall: opening } = await once(() => run(1, openStore()))
  const copy = await mean(() => void treeCodec.clone(finalState))
  const { tape } = problem.model.tape(treeCodec.clone(finalState), 0)
  const restart = await transfers(openStore(), 'restart', finalState)
  const dependency = await transfers(openStore(), 'dependency', tape)
  const costs = {
    forwardStep: timeMs.forward / (forwardSteps - STEPS),
    tapedStep: timeMs.tape / STEPS,
    adjointStep: timeMs.adjoint / adjointSteps,
    copy,
    write: { DISK: restart.write },
    read: { DISK: restart.read },
    writeTape: { DISK: dependency.write },
    readTape: { DISK: dependency.read },
  }
  return { costs, opening }
}

/** What a put and a take cost; a store in memory takes no time. */
async function transfers(store, kind, value) {
  if (store.inMemory) return { write: 0, read: 0 }
  const codecs = { restart: treeCodec, dependency: treeCodec }
  const opened = await store.open({ storage: 'DISK', limit: null, codecs })
  const copies = Array.from({ length: WARM + COUNT }, () => treeCodec.clone(value))
  let step = 0
  const write = await mean(() => opened.put({ step: step++, kind }, copies.pop()))
  const read = await mean(() => opened.take({ step: --step, kind }))
  await opened.clear()
  await opened.close()
  return { write, read }
}

/** The mean time of `work`, garbage collection included, once it is warm. */
async function mean(work) {
  for (let i = 0; i < WARM; i++) await work()
  const { wall } = await once(async () => {
    for (let i = 0; i < COUNT; i++) await work()
  })
  return wall / COUNT
}
