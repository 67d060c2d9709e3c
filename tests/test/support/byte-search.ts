/**
 * The least makespan of any schedule for steps of unequal cost and size, by exhaustive search: as `shortest-path.ts`, with bytes in place of
 * slots, costs by step, and working bytes. Nothing of the plan is in it: a checkpoint may be moved away at any of its reads.
 */
import { Heap } from './heap.js'

/** By step; sizes and costs are integers. */
export interface ByteProblem {
  readonly forward: readonly number[]
  readonly tape: readonly number[]
  readonly adjoint: readonly number[]
  readonly stateBytes: readonly number[]
  readonly tapeBytes: readonly number[]
  readonly ram: number
  readonly disk?: {
    readonly bytes: number | null
    readonly writeLatency: number
    readonly writePerByte: number
    readonly readLatency: number
    readonly readPerByte: number
  }
  readonly working?: {
    readonly forward: readonly number[]
    readonly tape: readonly number[]
    readonly adjoint: readonly number[]
    readonly standing: readonly number[]
  }
}

interface State {
  /** Where the forward stands; the number of steps + 1 is nowhere. */
  readonly n: number
  /** Restart data was just read: no other checkpoint may be read before a Forward. */
  readonly isLoaded: boolean
  readonly end: number
  /** The steps with restart data, and with a tape, as bits: in RAM, then on DISK. */
  readonly restart: readonly [number, number]
  readonly tapes: readonly [number, number]
}

const keyOf = ({ n, isLoaded, end, restart, tapes }: State) =>
  `${n},${isLoaded},${end},${restart[0]},${restart[1]},${tapes[0]},${tapes[1]}`

/** The least makespan; `Infinity` if no schedule fits. */
export function leastMakespan(problem: ByteProblem): number {
  const steps = problem.forward.length
  const start: State = { n: 0, isLoaded: false, end: steps, restart: [0, 0], tapes: [0, 0] }
  const open = new Heap<State>()
  const best = new Map<string, number>([[keyOf(start), 0]])
  open.push(leastRest(start, problem), start)
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const [estimate, state] = top
    const cost = best.get(keyOf(state))!
    if (estimate > cost + leastRest(state, problem)) continue
    if (state.end === 0 && [...state.restart, ...state.tapes].every((bits) => bits === 0)) return cost
    for (const [more, next] of moves(state, problem)) {
      const key = keyOf(next)
      if (cost + more >= (best.get(key) ?? Infinity)) continue
      best.set(key, cost + more)
      open.push(cost + more + leastRest(next, problem), next)
    }
  }
  return Infinity
}

// What is left costs no less: the search is A*. Each step is still to be reversed, and taped unless its tape is stored.
function leastRest({ end, tapes }: State, { tape, adjoint }: ByteProblem): number {
  let rest = 0
  for (let i = 0; i < end; i++) rest += adjoint[i]! + ((tapes[0] | tapes[1]) & (1 << i) ? 0 : tape[i]!)
  return rest
}

function* moves(state: State, problem: ByteProblem): Generator<[cost: number, next: State]> {
  const { n, isLoaded, end, restart, tapes } = state
  const { forward, tape, adjoint, stateBytes, tapeBytes, ram, disk, working } = problem
  const nowhere = forward.length + 1
  const held = (place: 0 | 1) =>
    stateBytes.reduce((sum, bytes, i) => sum + (restart[place] & (1 << i) ? bytes : 0), 0) +
    tapeBytes.reduce((sum, bytes, i) => sum + (tapes[place] & (1 << i) ? bytes : 0), 0)
  const inRam = held(0)
  const onDisk = held(1)
  const standing = working?.standing[end] ?? 0
  const transfer = (way: 'write' | 'read', place: 0 | 1, bytes: number) =>
    place === 0 ? 0 : disk![`${way}Latency`] + bytes * disk![`${way}PerByte`]
  const reverseFits = (i: number, ramBytes: number) => ramBytes + (working?.adjoint[i] ?? 0) <= ram

  if (n < end) {
    const forwardBytes = (working?.forward[n] ?? 0) + standing
    const tapingBytes = (working?.tape[n] ?? 0) + standing
    const next = { ...state, n: n + 1, isLoaded: false }
    if (inRam + forwardBytes <= ram) yield [forward[n]!, next]
    if (n === end - 1 && inRam + tapingBytes <= ram && reverseFits(n, inRam))
      yield [tape[n]! + adjoint[n]!, { ...next, n: nowhere, end: n }]
    for (const place of disk === undefined ? ([0] as const) : ([0, 1] as const)) {
      // At one step in one storage there is one checkpoint.
      if ((restart[place] | tapes[place]) & (1 << n)) continue
      const fits = (bytes: number, workingBytes: number) =>
        place === 0
          ? inRam + bytes + workingBytes <= ram
          : inRam + workingBytes <= ram && onDisk + bytes <= (disk!.bytes ?? Infinity)
      if (fits(stateBytes[n]!, forwardBytes))
        yield [
          forward[n]! + transfer('write', place, stateBytes[n]!),
          { ...next, restart: withBit(restart, place, n) },
        ]
      if (fits(tapeBytes[n]!, place === 0 ? forwardBytes : tapingBytes))
        yield [
          tape[n]! + transfer('write', place, tapeBytes[n]!),
          { ...next, tapes: withBit(tapes, place, n) },
        ]
    }
  }
  if (isLoaded) return
  for (const place of [0, 1] as const) {
    for (let i = 0; i < end; i++) {
      if (restart[place] & (1 << i)) {
        const cost = transfer('read', place, stateBytes[i]!)
        yield [cost, { ...state, n: i, isLoaded: true }]
        yield [cost, { ...state, n: i, isLoaded: true, restart: withoutBit(restart, place, i) }]
      }
      // A tape is read for the adjoint of its step, which then has its bytes.
      if (i < end - 1 || !(tapes[place] & (1 << i))) continue
      const left = place === 0 ? inRam - tapeBytes[i]! : inRam
      if (!reverseFits(i, left)) continue
      const cost = transfer('read', place, tapeBytes[i]!) + adjoint[i]!
      yield [cost, { ...state, n: nowhere, end: i, tapes: withoutBit(tapes, place, i) }]
    }
  }
}

const withBit = (bits: readonly [number, number], place: 0 | 1, i: number) =>
  bits.with(place, bits[place] | (1 << i)) as [number, number]
const withoutBit = (bits: readonly [number, number], place: 0 | 1, i: number) =>
  bits.with(place, bits[place] & ~(1 << i)) as [number, number]
