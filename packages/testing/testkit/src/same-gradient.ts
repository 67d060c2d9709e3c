/** The gradient of a small model under a schedule is, bit for bit, that of a loop that stores everything. */
import { runAdjoint } from '@checkpoint-schedules/driver'
import { type Codec, type Model, memoryStore, treeCodec } from '@checkpoint-schedules/model'
import type { Case } from './claims.js'
import { sameBits } from './same-bits.js'

type Pair = Float64Array<ArrayBuffer>

const H = 0.05
const initialState = Float64Array.of(1, 0.5)

/** x' = v, v' = -2 (x + x³), by explicit Euler; the states are overwritten in place, as those of real models are. */
const model: Model<Pair, Pair, Pair> = {
  step: forward,
  tape: (state) => ({ tape: state.slice(), state: forward(state) }),
  adjoint(adjoint, tape) {
    const [x, a, b] = [tape[0]!, adjoint[0]!, adjoint[1]!]
    adjoint[0] = a - 2 * H * (1 + 3 * x * x) * b
    adjoint[1] = b + H * a
    return adjoint
  },
}

/** For schedules that are planned for sizes of other models: no value is larger. */
const weightless: Codec<Pair> = { ...(treeCodec as Codec<Pair>), byteLength: () => 0 }
const codecs = { state: weightless, tape: weightless, adjoint: weightless }

function forward(state: Pair): Pair {
  const [x, v] = [state[0]!, state[1]!]
  state[0] = x + H * v
  state[1] = v - 2 * H * (x + x * x * x)
  return state
}

/** The end of the forward, and the gradients of x² + k v for k = 1, 2, …, by a loop that keeps every state. */
function byStoringAll(steps: number, adjoints: number): { finalState: Pair; gradients: Pair[] } {
  const states = [initialState.slice()]
  for (let n = 0; n < steps; n++) states.push(forward(states[n]!.slice()))
  const finalState = states[steps]!
  const gradients = Array.from({ length: adjoints }, (_, k) => {
    let adjoint = terminal(finalState, k)
    for (let n = steps - 1; n >= 0; n--) adjoint = model.adjoint(adjoint, states[n]!, n) as Pair
    return adjoint
  })
  return { finalState, gradients }
}

const terminal = (state: Pair, k: number) => Float64Array.of(2 * state[0]!, k + 1)

/** Runs the driver on the schedule, with every storage in memory. */
export async function givesTheSameGradient({ schedule, steps }: Case): Promise<void> {
  const permitted = schedule.manifest.adjoints
  const adjoints = permitted === 'unlimited' ? 2 : permitted
  const storages = Object.keys(schedule.limits(steps))
  const stores = Object.fromEntries(storages.map((name) => [name, memoryStore()]))
  const own = schedule.priceOf === undefined ? model : { ...model, codecs }
  const settings = { schedule, model: own, initialState, terminalAdjoint: terminal, steps, adjoints, stores }
  const found = await runAdjoint<Pair, Pair, Pair>(settings)
  const { finalState, gradients } = byStoringAll(steps, adjoints)
  if (!sameBits(found.finalState, finalState))
    throw new Error(
      `the final state [${found.finalState.join()}] is not that of the plain loop, [${finalState.join()}]`,
    )
  if (!sameBits(found.adjoints, gradients))
    throw new Error(
      `the gradients [${found.adjoints.join('; ')}] are not those of the plain loop, [${gradients.join('; ')}]`,
    )
}
