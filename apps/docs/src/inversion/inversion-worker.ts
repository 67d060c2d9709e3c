/** The inversion, in a worker: the page stays responsive, and what it is told to do is done until a pause, a reload or the end. */
import { messageOf } from '@checkpoint-schedules/core'
import { treeCodec } from '@checkpoint-schedules/driver'
import { bestStore, readJournal, removeJournal } from '@checkpoint-schedules/storage-browser'
import { type Budget, gradientWithin } from './gradient-within.js'
import { type Iteration, searchOn } from './inversion.js'
import { evaluationsInMemory, type KeptEvaluations, openEvaluations } from './kept-evaluations.js'
import { alone } from './lock.js'
import type { FromWorker, ToWorker } from './messages.js'
import {
  inverseProblem,
  type InverseProblem,
  type InversionSettings,
  nameOf,
  type WaveProblem,
} from './problem.js'

const say = (message: FromWorker) => postMessage(message)

let controller = new AbortController()
let budget: Budget = { memory: 0, disk: 0 }

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'pause') controller.abort()
  else if (data.type === 'budget') budget = data.budget
  else void answer(data)
})

async function answer(order: Exclude<ToWorker, { type: 'pause' | 'budget' }>): Promise<void> {
  try {
    const work = {
      look: () => look(order.settings),
      clear: () => inTurn(order.settings, () => clear(order.settings)),
      run: () => inTurn(order.settings, () => run(order as Extract<ToWorker, { type: 'run' }>)),
    }
    await work[order.type]()
  } catch (error) {
    if (error === controller.signal.reason) say({ type: 'paused' })
    else say({ type: 'failed', message: messageOf(error) })
  }
}

async function inTurn(settings: InversionSettings, work: () => Promise<void>): Promise<void> {
  const isDone = await alone(
    `checkpoint-schedules page ${nameOf(settings)}`,
    () => say({ type: 'waiting' }),
    work,
  )
  if (!isDone) say({ type: 'elsewhere' })
}

/** Where things are kept; asked once. */
const storage = openStorage()
const inMemory = evaluationsInMemory()

async function openStorage(): Promise<{ medium: string | undefined; why: string | undefined }> {
  try {
    return { medium: (await bestStore()).medium, why: undefined }
  } catch (error) {
    return { medium: undefined, why: messageOf(error) }
  }
}

async function keptOf(settings: InversionSettings): Promise<KeptEvaluations> {
  if ((await storage).medium === undefined) return inMemory
  return openEvaluations(nameOf(settings)).catch(() => inMemory)
}

async function look(settings: InversionSettings): Promise<void> {
  const problem = inverseProblem(settings)
  const kept = await keptOf(settings)
  const { medium, why } = await storage
  const { iterations } = settings
  const { origin, allows, steps } = problem
  const show = shower(problem)
  let last: Iteration | undefined
  const found = await searchOn({
    origin,
    iterations,
    allows,
    kept,
    onIteration: (it) => (last = show.add(it)),
  })
  const begun = medium === undefined ? undefined : await readJournal(nameOf(settings))
  const { state, tape, adjoint } = await sizesOf(problem.at(origin))
  // Two states, a tape, the adjoint, and buffers; with a checkpoint at the start.
  const least = 5 * state + 3 * tape + adjoint
  say({
    type: 'found',
    shape: problem.shape,
    truth: Float64Array.from(problem.truth),
    least,
    all: least + tape * steps,
    ...found,
    reversed: begun?.last && (begun.last.forwardEnded ? begun.last.position.reversed : -1),
    medium,
    why,
  })
  await show.shown(last)
}

async function clear(settings: InversionSettings): Promise<void> {
  await (await keptOf(settings)).clear()
  if ((await storage).medium !== undefined) await removeJournal(nameOf(settings))
  await look(settings)
}

async function run({ settings, hold, ...order }: Extract<ToWorker, { type: 'run' }>): Promise<void> {
  budget = order.budget
  controller = new AbortController()
  const { signal } = controller
  const problem = inverseProblem(settings)
  const { medium } = await storage
  const kept = await keptOf(settings)
  const sizes = await sizesOf(problem.at(problem.origin))
  const show = shower(problem)
  const { isEnded } = await searchOn({
    ...problem,
    iterations: settings.iterations,
    kept,
    onIteration: (it) => void show.shown(show.add(it)),
    onLoss: (error) => say({ type: 'notice', text: `From here on a reload loses work: ${messageOf(error)}` }),
    async evaluate(x, index) {
      signal.throwIfAborted()
      const here = problem.at(x)
      const asked = hold?.gradient === index + 1 ? holding(here, hold.reversed, problem.steps) : here
      const { value, byVelocity, chosen, statistics } = await gradientWithin({
        problem: asked,
        budget: medium === undefined ? { ...budget, disk: 0 } : budget,
        sizes,
        journal: medium === undefined ? undefined : nameOf(settings),
        signal,
        onChosen: (chosen, resumedAt) => say({ type: 'chosen', chosen, gradient: index + 1, resumedAt }),
        onProgress: ({ phase, fraction = 0, adjointSteps }) =>
          say({ type: 'progress', phase, fraction, reversed: adjointSteps }),
      })
      const { peakLiveBytes, forwardSteps, recomputeFactor, storages } = statistics
      const { RAM, DISK } = storages
      const held = `${RAM?.peakCheckpoints ?? 0} in memory, ${DISK?.peakCheckpoints ?? 0} on disk`
      const memory = {
        peak: peakLiveBytes,
        held,
        onDisk: DISK?.peakBytes ?? 0,
        forwardSteps,
        recomputeFactor,
      }
      say({ type: 'measured', chosen, memory })
      return { value, gradient: problem.gradientOf(byVelocity) }
    },
  })
  await show.isQuiet()
  if (isEnded) say({ type: 'ended' })
}

/** Shows iterations in their order. */
function shower({ velocityAt }: InverseProblem) {
  const misfits: number[] = []
  let quiet: Promise<unknown> = Promise.resolve()
  return {
    add(it: Iteration) {
      misfits.push(it.value)
      return it
    },
    isQuiet: () => quiet,
    shown(it: Iteration | undefined): Promise<unknown> {
      if (it === undefined) return quiet
      const [velocity, known] = [velocityAt(it.x), [...misfits]]
      quiet = Promise.all([digestOf(velocity, known), quiet]).then(([digest]) =>
        say({
          type: 'iteration',
          shown: { iteration: it.iteration, velocity, gradient: it.gradient, misfits: known, digest },
        }),
      )
      return quiet
    },
  }
}

async function digestOf(velocity: Float64Array, misfits: readonly number[]): Promise<string> {
  if (crypto.subtle === undefined) return '' // not a secure context
  const all = new Float64Array([...velocity, ...misfits])
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', all))
  return Array.from(digest, (it) => it.toString(16).padStart(2, '0')).join('')
}

/** The same model, which waits for ever where it is told to, so that a tab can be closed at a moment of one's choice. */
function holding(problem: WaveProblem, reversed: number, steps: number): WaveProblem {
  const { model } = problem
  const adjoint: typeof model.adjoint = (adjoint, tape, n) => {
    if (steps - 1 - n !== reversed) return model.adjoint(adjoint, tape, n)
    say({ type: 'holding' })
    return new Promise(() => undefined)
  }
  return { ...problem, model: { ...model, adjoint } }
}

/** Bytes of a state, a tape and an adjoint: of one step. */
async function sizesOf({ model, initialState, terminalAdjoint }: WaveProblem) {
  const state = treeCodec.byteLength(initialState)
  const taped = await model.tape(initialState, 0)
  const adjoint = typeof terminalAdjoint === 'function' ? terminalAdjoint(taped.state, 0, 1) : terminalAdjoint
  return { state, tape: treeCodec.byteLength(taped.tape), adjoint: treeCodec.byteLength(await adjoint) }
}
