/** A driver's run in virtual time: steps, copies and transfers take what they are said to take, and nothing else takes any. */
import { type Codec, type Model, type Store, treeCodec } from '@checkpoint-schedules/driver'
import type { SimulationCosts } from '@checkpoint-schedules/simulator'

/** A clock that goes on to the next event when everybody waits. */
export class VirtualTime {
  now = 0
  readonly #events: { readonly at: number; readonly happen: () => void }[] = []

  until(at: number): Promise<void> {
    return new Promise((happen) => this.#events.push({ at, happen }))
  }

  after(time: number): Promise<void> {
    return this.until(this.now + time)
  }

  /** Runs `work` to its end; returns when that is. */
  async run(work: () => Promise<unknown>): Promise<number> {
    let isOver = false
    const over = () => void (isOver = true)
    const done = work()
    done.then(over, over)
    for (;;) {
      // Several turns: the driver hands the event loop over, too.
      for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve))
      if (isOver) break
      const next = this.#events.reduce((a, b) => (b.at < a.at ? b : a))
      this.#events.splice(this.#events.indexOf(next), 1)
      this.now = next.at
      next.happen()
    }
    await done
    return this.now
  }
}

interface State {
  readonly x: number
}

type Costs = Required<SimulationCosts>

/** A problem each part of which takes its time. */
export function timedProblem(time: VirtualTime, costs: Costs) {
  const took = async <T>(cost: number, value: T) => (await time.after(cost), value)
  const state: Codec<State> = {
    clone: ({ x }) => took(costs.copy, { x }),
    dispose() {}, // one owner at a time: results are handed over without a copy
    byteLength: () => 0, // no larger than any schedule was planned for
    encode: (it) => treeCodec.encode(it),
    decode: (bytes) => treeCodec.decode(bytes) as State,
  }
  const model: Model<State, number[], number> = {
    step: ({ x }) => took(costs.forwardStep, { x: x + 1 }),
    tape: ({ x }) => took(costs.tapedStep, { state: { x: x + 1 }, tape: [x] }),
    adjoint: (a, [x]) => took(costs.adjointStep, a + x!),
    codecs: { state, tape: { ...(treeCodec as Codec<number[]>), byteLength: () => 0 } },
  }
  return { model, initialState: { x: 0 }, terminalAdjoint: 0 }
}

/** A store that carries out one transfer after another. */
export function timedStore(time: VirtualTime, storage: string, costs: Costs): Store {
  let free = 0
  const transfer = (cost = 0) => {
    free = Math.max(free, time.now) + cost
    return time.until(free)
  }
  return {
    medium: 'virtual',
    open({ codecs }) {
      const held = new Map<number, unknown>()
      const { write, writeTape, read, readTape } = costs
      return {
        async put({ step, kind }, value) {
          await transfer((kind === 'restart' ? write : writeTape)[storage])
          held.set(step, value)
        },
        async get({ step, kind }) {
          await transfer((kind === 'restart' ? read : readTape)[storage])
          const value = held.get(step)
          return kind === 'restart' ? { ...(value as State) } : codecs[kind].clone(value)
        },
        async take({ step, kind }) {
          await transfer((kind === 'restart' ? read : readTape)[storage])
          const value = held.get(step)
          held.delete(step)
          return value
        },
        delete: ({ step }) => void held.delete(step),
        keys: () => [],
        flush() {},
        clear: () => held.clear(),
        close() {},
      }
    },
  }
}
