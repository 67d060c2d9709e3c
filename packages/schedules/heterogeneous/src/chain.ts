/** A chain of steps with its budgets, in typed arrays: the problem that is planned. The letters are those of the recurrences. */
import type { PerStep } from '@checkpoint-schedules/core'
import type { HeterogeneousOptions } from './options.js'

/** What every step costs and takes. */
export interface Chain {
  readonly steps: number
  /** f: cost of a forward step. */
  readonly f: Float64Array
  /** a: bytes of the restart data at the start of a step. */
  readonly a: Float64Array
  /** d: bytes of the tape of a step. */
  readonly d: Float64Array
  /** Bytes of memory. */
  readonly ram: number
  /** Bytes on disk, `Infinity` if unlimited; `undefined` without a disk. */
  readonly disk: number | undefined
  /** Cost of writing to disk and reading from there: restart data, and tapes. */
  readonly writeA: Float64Array
  readonly readA: Float64Array
  readonly writeD: Float64Array
  readonly readD: Float64Array
  /** Whether working bytes count; if not, u, v, z and e are zero. */
  readonly hasWorking: boolean
  /** Working bytes: u of a forward step, v of a taped one, z of an adjoint step, e of the adjoint that stands at a step. */
  readonly u: Float64Array
  readonly v: Float64Array
  readonly z: Float64Array
  readonly e: Float64Array
  /** The cost of taping and of reversing each step once, which every plan has. */
  readonly fixedCost: number
}

/** The chain that these options describe. O(steps) time and memory. */
export function chainOf(options: HeterogeneousOptions): Chain {
  const { steps, forwardCost, tapeCost = forwardCost, adjointCost, disk, working } = options
  const values = (given: PerStep, length = steps) =>
    typeof given === 'number' ? new Float64Array(length).fill(given) : Float64Array.from(given)
  const sum = (given: PerStep) =>
    typeof given === 'number' ? given * steps : given.reduce((total, value) => total + value, 0)
  const a = values(options.stateBytes)
  const d = values(options.tapeBytes)
  const transfers = (sizes: Float64Array, latency = 0, perByte = 0) => sizes.map((x) => latency + x * perByte)
  return {
    steps,
    f: values(forwardCost),
    a,
    d,
    ram: options.ramBytes,
    disk: disk && (disk.bytes ?? Infinity),
    writeA: transfers(a, disk?.writeLatency, disk?.writePerByte),
    readA: transfers(a, disk?.readLatency, disk?.readPerByte),
    writeD: transfers(d, disk?.writeLatency, disk?.writePerByte),
    readD: transfers(d, disk?.readLatency, disk?.readPerByte),
    hasWorking: working !== undefined,
    u: values(working?.forward ?? 0),
    v: values(working?.tape ?? 0),
    z: values(working?.adjoint ?? 0),
    e: values(working?.standing ?? 0, steps + 1),
    fixedCost: sum(tapeCost) + sum(adjointCost),
  }
}

/**
 * The chain with sizes counted in units, rounded up, and budgets rounded down: what fits it fits the chain. Transfers cost what they cost
 * at their true size.
 */
export function inUnits(chain: Chain, unit: number): Chain {
  const up = (x: number) => {
    const count = Math.ceil(x / unit)
    return count * unit < x ? count + 1 : count
  }
  const down = (x: number) => {
    const count = Math.floor(x / unit)
    return count * unit > x ? count - 1 : count
  }
  return {
    ...chain,
    ram: down(chain.ram),
    disk: chain.disk === undefined || chain.disk === Infinity ? chain.disk : down(chain.disk),
    a: chain.a.map(up),
    d: chain.d.map(up),
    u: chain.u.map(up),
    v: chain.v.map(up),
    z: chain.z.map(up),
    e: chain.e.map(up),
  }
}

/** Whether all steps are equal, except for what taping and reversing them costs. Sizes that are equal in units may cost differently. */
export function isUniform({ f, a, d, writeA, readA, writeD, readD, u, v, z, e }: Chain): boolean {
  return [f, a, d, writeA, readA, writeD, readD, u, v, z, e].every((values) =>
    values.every((value) => value === values[0]),
  )
}
