/**
 * The least cost of any schedule, by exhaustive search: Dijkstra's algorithm over the states of the abstract machine. There is no
 * recurrence in it and nothing of the families: only what a Forward, a Reverse, a Copy and a Move do and cost.
 *
 * A state is: where the forward stands (or nowhere), whether it was just loaded, how many steps are reversed, and which
 * steps each level holds. Steps are taken one at a time: a longer Forward is a sequence of them. Taping a step other than the next
 * one to reverse gains nothing over advancing, so a taped step is reversed at once.
 */

import { Heap } from './heap.js'

/** A checkpoint storage. */
export interface Level {
  readonly slots: number
  readonly write: number
  readonly read: number
  /** Restricted class: a checkpoint is read once only, by a Move. */
  readonly readOnce?: boolean
}

export interface SearchSettings {
  readonly steps: number
  readonly levels: readonly Level[]
  readonly forwardStep: number
  readonly adjointStep: number
  /** Whether a checkpoint may also hold the dependency data of its step. */
  readonly mixed?: boolean
}

interface State {
  /** Where the forward stands; `steps + 1` is nowhere. */
  readonly n: number
  /** Loaded and not used yet: no other checkpoint may be loaded before a Forward. */
  readonly loaded: boolean
  readonly r: number
  /** By level: the steps with restart data, and with dependency data, as bits. */
  readonly restart: readonly number[]
  readonly dependency: readonly number[]
}

const bitCount = (bits: number): number => (bits === 0 ? 0 : (bits & 1) + bitCount(bits >> 1))
const keyOf = ({ n, loaded, r, restart, dependency }: State) =>
  `${n},${loaded},${r},${restart.join()},${dependency.join()}`

/** The least cost of reversing all steps with nothing left over. */
export function leastCost(settings: SearchSettings): number {
  const { steps, levels } = settings
  const none = levels.map(() => 0)
  const start: State = { n: 0, loaded: false, r: 0, restart: none, dependency: none }
  const open = new Heap<State>()
  const best = new Map<string, number>([[keyOf(start), 0]])
  open.push(0, start)
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const [cost, state] = top
    if (cost > best.get(keyOf(state))!) continue
    if (state.r === steps && [...state.restart, ...state.dependency].every((bits) => bits === 0)) return cost
    for (const [more, next] of moves(state, settings)) {
      const key = keyOf(next)
      const total = cost + more
      if (total < (best.get(key) ?? Infinity)) {
        best.set(key, total)
        open.push(total, next)
      }
    }
  }
  return Infinity
}

function* moves(state: State, settings: SearchSettings): Generator<[cost: number, next: State]> {
  const { n, r, restart, dependency, loaded } = state
  const { steps, levels, forwardStep, adjointStep, mixed } = settings
  const nowhere = steps + 1
  const end = steps - r
  const without = (bits: readonly number[], level: number, step: number) =>
    bits.with(level, bits[level]! & ~(1 << step))
  const within = (bits: readonly number[], level: number, step: number) =>
    bits.with(level, bits[level]! | (1 << step))

  if (n < end) {
    yield [forwardStep, { ...state, n: n + 1, loaded: false }]
    if (n === end - 1) yield [forwardStep + adjointStep, { ...state, n: nowhere, loaded: false, r: r + 1 }]
    for (const [level, { slots, write }] of levels.entries()) {
      const held = restart[level]! | dependency[level]!
      if (bitCount(restart[level]!) + bitCount(dependency[level]!) >= slots || held & (1 << n)) continue
      // Restart data is stored before the step, which may then be a plain or a taped one.
      const stored = within(restart, level, n)
      yield [write + forwardStep, { ...state, n: n + 1, loaded: false, restart: stored }]
      if (mixed) {
        yield [
          write + forwardStep,
          { ...state, n: n + 1, loaded: false, dependency: within(dependency, level, n) },
        ]
      }
    }
  }
  if (loaded) return
  for (const [level, { read, readOnce }] of levels.entries()) {
    for (let step = 0; step < end; step++) {
      if (restart[level]! & (1 << step)) {
        yield [read, { ...state, n: step, loaded: true, restart: without(restart, level, step) }]
        if (!readOnce) yield [read, { ...state, n: step, loaded: true }]
      }
      if (step === end - 1 && dependency[level]! & (1 << step)) {
        yield [
          read + adjointStep,
          { ...state, n: nowhere, r: r + 1, dependency: without(dependency, level, step) },
        ]
      }
    }
  }
}
